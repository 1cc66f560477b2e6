package layers_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"strata/layers/keylabel"
)

// The packets made here are of bytes in hexadecimal, sealed as RFC 9001 says.

const (
	quic1     = "00000001"
	quic2     = "6b3343cf"
	quicDraft = "ff00001d" // the 29th
	quicOld   = "ff000016" // the 22nd
)

// quicSalts are those of RFC 9001 section 5.2, of its drafts, and of RFC 9369.
var quicSalts = map[string]string{
	quic1: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", quic2: "0dede3def700a6db819381be6e269dcbf9bd2ed9",
	quicDraft: "afbfec289993d24c9e9786f19c6111e04390a899", "ff00001b": "c3eef712c72ebb5a11a7d2432bb46365bef9f502",
	quicOld: "7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a", "faceb002": "c3eef712c72ebb5a11a7d2432bb46365bef9f502",
}

func varint(n int) string { return fmt.Sprintf("%04x", n|0x4000) }

// made is a packet with a long header.
type made struct {
	version        string
	kind           int    // as version 1 numbers it
	dcid, scid     string // destination and source
	token          string
	keys           string // what the keys of an Initial packet are made from; "": dcid
	server         bool
	number, digits int // the packet number, and how many bytes of it are sent; 0: 2
	frames         string
}

// bytes is the packet, sealed.
func (p made) bytes() []byte {
	if p.digits == 0 {
		p.digits = 2
	}
	if p.keys == "" {
		p.keys = p.dcid
	}
	kind, label := p.kind, "quic "
	if p.version == quic2 {
		kind, label = (p.kind+1)&3, "quicv2 "
	}
	head := fmt.Sprintf("%02x", 0xc0|kind<<4|(p.digits-1)) + p.version + with(1, p.dcid) + with(1, p.scid)
	if p.kind == 0 {
		head += varint(len(unhex(p.token))) + p.token
	}
	plain := unhex(p.frames)
	b := unhex(head + varint(p.digits+len(plain)+16))
	at := len(b)
	b = binary.BigEndian.AppendUint32(b, uint32(p.number)<<(8*(4-p.digits)))[:at+p.digits]
	side := "client in"
	if p.server {
		side = "server in"
	}
	secret, _ := hkdf.Extract(sha256.New, unhex(p.keys), unhex(quicSalts[p.version]))
	secret = keylabel.Expand(sha256.New, secret, side, nil, 32)
	nonce := keylabel.Expand(sha256.New, secret, label+"iv", nil, 12)
	binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(nonce[4:])^uint64(p.number))
	block, _ := aes.NewCipher(keylabel.Expand(sha256.New, secret, label+"key", nil, 16))
	aead, _ := cipher.NewGCM(block)
	b = aead.Seal(b, nonce, plain, b)
	mask := make([]byte, 16)
	block, _ = aes.NewCipher(keylabel.Expand(sha256.New, secret, label+"hp", nil, 16))
	block.Encrypt(mask, b[at+4:at+20])
	b[0] ^= mask[0] & 15
	for i := range p.digits {
		b[at+i] ^= mask[1+i]
	}
	return b
}

func datagram(back bool, packets ...any) segment { return segment{back, join(packets...)} }

func crypto(at int, data string) string { return "06" + varint(at) + varint(len(unhex(data))) + data }

func padding(n int) string { return strings.Repeat("00", n) }

const (
	quicAck   = "02 05 8019 01 02 00 00"
	quicPing  = "01"
	shortHead = "40"
)

// protected stands for bytes that only the two sides can read.
var protected = strings.Repeat("a7", 40)

// setUp is how a connection begins in a version; id is what the client calls
// the server at first.
func setUp(version, id string) []segment {
	hello := clientHello("0303", "13011302", extension(0, with(2, "00"+with(2, text("example.org")))), extension(16, with(2, with(1, text("h3")))),
		extension(43, with(1, "0304")), extension(51, with(2, "001d"+with(2, strings.Repeat("11", 32)))), extension(57, quicParameters()))
	answer := serverHello("0303", "1301", extension(43, "0304"), extension(51, "001d"+with(2, strings.Repeat("22", 32))))
	client, server := "c1c2"+id[:2], "515253545556"+id[:2]
	return []segment{
		datagram(false, made{version: version, dcid: id, scid: client, token: "70717273", frames: padding(300) + crypto(0, hello) + quicPing + padding(3)}.bytes()),
		datagram(true, made{version: version, dcid: client, scid: server, keys: id, server: true, frames: quicAck + crypto(0, answer)}.bytes(),
			made{version: version, kind: 2, dcid: client, scid: server, frames: protected}.bytes(), shortHead+client+protected),
		datagram(false, made{version: version, dcid: server, scid: client, keys: id, number: 1, digits: 1, frames: "03 01 02 00 01 04 05 06" + padding(20)}.bytes(),
			made{version: version, kind: 1, dcid: server, scid: client, frames: protected}.bytes(), "0102030405"),
		datagram(false, shortHead+server+protected), datagram(true, "60"+client+protected), datagram(true, "60ffffff"+protected),
		datagram(false, made{version: version, kind: 2, dcid: server, scid: client, frames: protected}.bytes(), "40"+server+protected),
	}
}

// inPieces is a Client Hello that comes in several frames and datagrams, not
// in order, and some of it twice.
func inPieces(id string) []segment {
	var shares string
	for range 30 {
		shares += "001d" + with(2, strings.Repeat("11", 32))
	}
	hello := clientHello("0303", "13011302", extension(43, with(1, "0304")), extension(51, with(2, shares)))
	part := func(from, to int) string { return crypto(from, hello[2*from:2*to]) }
	packet := func(n int, frames ...string) []byte {
		return made{version: quic1, dcid: id, scid: "c1", number: n, digits: 1, frames: strings.Join(frames, "") + padding(20)}.bytes()
	}
	return []segment{
		datagram(false, packet(0, part(700, 800), part(0, 200))),
		datagram(false, packet(1, part(300, 400), part(200, 300), quicPing)),
		datagram(false, packet(2, part(0, 200)), packet(3, part(400, 500))),
		datagram(false, packet(4, part(500, 700))),
		datagram(false, packet(5, part(600, 900)), packet(5, part(100, 200))),
		datagram(false, packet(300&255, part(900, len(hello)/2), "1c 4128 06 03"+text("bad"))),
		datagram(false, packet(7, "1c 05 00 00"), packet(8, "1d 07 02"+text("ok"))),
	}
}

// quicSeals are keys and nonces of the tags of Retry packets (RFC 9001 section
// 5.8, its draft 29, RFC 9369 section 3.3.3).
var quicSeals = map[string][2]string{
	quic1: {"be0c690b9f66575a1d766b54e368c84e", "461599d35d632bf2239825bb"}, quic2: {"8fb4b01b56ac48e260fbcbcead7ccc92", "d86969bc2d7c6d9990efb04a"},
	quicDraft: {"ccce187ed09a09d05728155a6cb96be1", "e54930f97f2136f0530a8c1c"},
}

// retried is a client that the server has try again.
func retried(version, id string) []segment {
	hello := clientHello("0303", "1301", extension(43, with(1, "0304")))
	again := "f067a5502a4262" + id[:2]
	retry := map[string]string{quic2: "cf"}[version]
	if retry == "" {
		retry = "ff"
	}
	if retry += version + "00" + with(1, again); version == quicOld {
		retry += with(1, id)
	}
	retry += text("token")
	if seal, ok := quicSeals[version]; ok {
		block, _ := aes.NewCipher(unhex(seal[0]))
		aead, _ := cipher.NewGCM(block)
		retry += hex.EncodeToString(aead.Seal(nil, unhex(seal[1]), nil, unhex(with(1, id)+retry)))
	}
	return []segment{
		datagram(false, made{version: version, dcid: id, frames: crypto(0, hello) + padding(800)}.bytes()),
		datagram(true, retry),
		datagram(false, made{version: version, dcid: again, token: text("token"), number: 1, frames: crypto(0, hello) + padding(800)}.bytes()),
		datagram(true, made{version: version, scid: "0908", keys: again, server: true, frames: quicAck + crypto(0, serverHello("0303", "1301", extension(43, "0304")))}.bytes()),
	}
}

// quicConversations are made so that every field is there.
func quicConversations() (all []conversation) {
	add := func(segments ...segment) { all = append(all, conversation{443, segments}) }
	id := func() string { return fmt.Sprintf("%02x94c8f03e515708", len(all)) }
	for version := range strings.FieldsSeq(quic1 + " " + quic2 + " " + quicDraft + " ff00001b " + quicOld + " faceb002") {
		add(setUp(version, id())...)
	}
	add(inPieces(id())...)
	for version := range strings.FieldsSeq(quic1 + " " + quic2 + " " + quicDraft + " " + quicOld) {
		add(retried(version, id())...)
	}
	add(datagram(false, made{version: quic1, dcid: id(), frames: "01" + padding(1100)}.bytes()),
		datagram(true, "80000000000008"+id()+"00000001 6b3343cf 1a2a3a4a 51303436 ff00001d"))
	add(oddPackets(id())...)
	return all
}

// oddPackets have frames that Initial packets must not have, and errors.
func oddPackets(id string) (all []segment) {
	for i, frames := range []string{
		"04 01 02 4003", "05 01 02", "07 03 010203", "08 04 6869", "0b 04 02 6869", "0e 04 05 02 6869", "0f 41 00 01 00", "10 44ff", "11 04 8000ffff", "12 05", "13 06", "14 07", "15 04 07", "16 08", "17 09",
		"18 01 00 04 01020304 " + chance[:32], "19 01", "1a 0102030405060708", "1b 0102030405060708", "1e", "21", "4001", "c000000000000002 05 00 00 00",
		"06 00 20 01", "02 05 00 05 00", "07 4fff 00", "", "06 00 00", "1c 41ff 00 00", "1c 7fff 00 00", "06" + "c000000000010000" + "01 05",
	} {
		all = append(all, datagram(false, made{version: quic1, dcid: id, number: i, frames: padding(30) + frames}.bytes()))
	}
	spoiled := made{version: quic1, dcid: id, number: 90, frames: padding(60)}.bytes()
	spoiled[40]++
	plain := made{version: quic1, dcid: id, number: 91, frames: padding(60)}.bytes()
	return append(all, segment{false, spoiled}, segment{false, plain[:60]}, segment{false, plain[:30]}, segment{false, plain[:16]}, segment{false, plain[:8]},
		datagram(false, plain, "c0"), datagram(false, plain, plain), datagram(true, "40"), datagram(false, "e000000001 15 "+strings.Repeat("31", 21)+" 00 4005 0102030405"))
}

// quicFrames are the datagrams in frames.
func quicFrames() (frames [][]byte) {
	for n, c := range quicConversations() {
		for _, s := range c.segments {
			frames = append(frames, quicFrame(s, n, c.port))
		}
	}
	return frames
}

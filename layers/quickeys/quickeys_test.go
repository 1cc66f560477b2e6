package quickeys_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"strata/layers/quickeys"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// original is the client's first name for the server in all the examples.
const original = "8394c8f03e515708"

// hello is what the server's first packet holds in the examples of RFC 9001
// appendix A.3 and RFC 9369 appendix A.3.
const hello = "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a045a1200130100002e00330024001d00209d3c940d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00020304"

// TestServerInitial opens the examples of the two RFCs.
func TestServerInitial(t *testing.T) {
	for version, packet := range map[uint32]string{
		1:          "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee",
		0x6b3343cf: "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf87263017915358230035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140",
	} {
		b, at := unhex(t, packet), 18
		k := quickeys.Initial(version, unhex(t, original), true)
		h, ok := k.Header(b, at, 0)
		if !ok || h.Number != 1 || h.Size != 2 || h.First&0x0f != 1 {
			t.Fatalf("version %x: header %+v, %v", version, h, ok)
		}
		if got := k.Open(b, at, h); hex.EncodeToString(got) != hello {
			t.Errorf("version %x: %x", version, got)
		}
		for i := range b {
			spoiled := bytes.Clone(b)
			spoiled[i] ^= 0x10
			if h, ok := k.Header(spoiled, at, 0); ok && k.Open(spoiled, at, h) != nil {
				t.Errorf("version %x: opened with byte %d changed", version, i)
			}
		}
		for n := range b {
			if h, ok := k.Header(b[:n], at, 0); ok && k.Open(b[:n], at, h) != nil {
				t.Errorf("version %x: opened when cut to %d bytes", version, n)
			}
		}
	}
}

// TestSealed checks the Retry packets of the two RFCs.
func TestSealed(t *testing.T) {
	for version, packet := range map[uint32]string{
		1:          "ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba",
		0x6b3343cf: "cf6b3343cf0008f067a5502a4262b5746f6b656ec8646ce8bfe33952d955543665dcc7b6",
	} {
		b := unhex(t, packet)
		if !quickeys.Sealed(version, unhex(t, original), b) {
			t.Errorf("version %x: the tag is said to be wrong", version)
		}
		b[20]++
		if quickeys.Sealed(version, unhex(t, original), b) || quickeys.Sealed(version, nil, b[:5]) {
			t.Errorf("version %x: a wrong tag is said to be right", version)
		}
	}
	if quickeys.Sealed(0xff000018, unhex(t, original), make([]byte, 40)) || quickeys.Sealed(7, nil, make([]byte, 40)) {
		t.Error("versions without a tag have one")
	}
}

func TestStage(t *testing.T) {
	for version, want := range map[uint32]int{0: 0, 1: 34, 2: 0, 0x6b3343cf: 100, 0xff00001d: 29, 0xff000016: 22, 0xfaceb002: 27, 0x1a2a3a4a: 34, 0x51303433: 0} {
		if got := quickeys.Stage(version); got != want {
			t.Errorf("%x: %d, want %d", version, got, want)
		}
		if known := quickeys.Initial(version, nil, false) != nil; known != (want > 0) {
			t.Errorf("%x: keys %v", version, known)
		}
	}
}

// TestNumbers follows RFC 9000 appendix A.3: the number nearest to the next one
// is meant. The header's mask is taken off a packet of zeros, and put on again.
func TestNumbers(t *testing.T) {
	k := quickeys.Initial(1, unhex(t, original), false)
	b := make([]byte, 60)
	h, _ := k.Header(b, 5, 0)
	for _, c := range []struct {
		sent       uint32
		size       int
		next, want uint64
	}{
		{0x9b32, 2, 0xa82f30ea + 1, 0xa82f9b32}, {0, 1, 256, 256}, {0xff, 1, 256, 255}, {5, 1, 0, 5}, {0xff, 1, 0, 255}, {2, 1, 255, 258}, {0x81, 1, 0x200, 0x181},
	} {
		b[0] = b[0]&^3 ^ h.First&3 ^ byte(c.size-1) // so that the size is right
		for i := range 4 {
			b[5+i] = 0
		}
		mask, _ := k.Header(b, 5, 0)
		for i := range c.size {
			b[5+i] = byte(c.sent>>(8*(c.size-1-i))) ^ byte(mask.Number>>(8*(c.size-1-i)))
		}
		if got, _ := k.Header(b, 5, c.next); got.Number != c.want || got.Size != c.size {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

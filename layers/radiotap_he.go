package layers

import (
	"strconv"
	"strings"
)

// What radiotap tells of 802.11ax: six words, of which the first two say what
// is known in the others.

var (
	heAll   = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "", "802.11ax rate", "How the frame was sent, as 802.11ax numbers it."))
	heKnown = describe(Radiotap, radiotapRFC, little(
		split(hexRow(0, 2, "radiotap.he.data_1", "first word", "The format, and which parts are known."), append([]*Field{
			named(0x0003, "radiotap.he.data_1.ppdu_format", "format", map[uint64]string{0: "one user", 1: "one user, extended range", 2: "several users", 3: "triggered"}, "For whom the transmission was.")},
			heFlags("data_1", 2, "bss_color_known", "beam_change_known", "ul_dl_known", "data_mcs_known", "data_dcm_known", "coding_known", "ldpc_extra_symbol_segment_known", "stbc_known",
				"spatial_reuse_1_known", "spatial_reuse_2_known", "spatial_reuse_3_known", "spatial_reuse_4_known", "data_bw_ru_allocation_known", "doppler_known")...)...),
		split(hexRow(2, 2, "radiotap.he.data_2", "second word", "Which other parts are known."), append(
			heFlags("data_2", 0, "pri_sec_80_mhz_known", "gi_known", "num_ltf_symbols_known", "pre_fec_padding_factor_known", "txbf_known", "pe_disambiguity_known", "txop_known", "midamble_periodicity_known"),
			part(0x3f00, "radiotap.he.data_2.ru_allocation_offset", "allocation's offset", "Which resource unit was the frame's."),
			flag(0x4000, "radiotap.he.data_2.ru_allocation_offseti_known", "allocation's offset known", "Set when that is known."),
			flag(0x8000, "radiotap.he.data_2.pri_sec_80_mhz", "second 80 MHz", "Set when the unit was in the second half of the channel."))...))...)
	heWords = [4]*Field{heWord(4, "data_3"), heWord(6, "data_4"), heWord(8, "data_5"), heWord(10, "data_6")}
	heData3 = notedRows(4, []noted{
		{mask: 0x003f, known: 0x0004, name: "data_3.bss_color", label: "colour", help: "The network's colour, by which stations know at once whether a frame is of theirs."},
		{mask: 0x0040, known: 0x0008, name: "data_3.beam_change", label: "beam change", help: "Whether the beam changed after the header."},
		{mask: 0x0080, known: 0x0010, name: "data_3.ul_dl", label: "upwards", help: "Whether the frame went to the access point."},
		{mask: 0x0f00, known: 0x0020, name: "data_3.data_mcs", label: "index", help: "The number of the rate."},
		{mask: 0x1000, known: 0x0040, name: "data_3.data_dcm", label: "dual carriers", help: "Whether everything was sent twice."},
		{mask: 0x2000, known: 0x0080, name: "data_3.coding", label: "LDPC", help: "Whether errors were corrected by LDPC."},
		{mask: 0x4000, known: 0x0100, name: "data_3.ldpc_extra_symbol_segment", label: "extra symbol", help: "Whether LDPC needed one more symbol."},
		{mask: 0x8000, known: 0x0200, name: "data_3.stbc", label: "space-time code", help: "Whether a space-time code was used."}})
	heData4 = [4][]noted{
		notedRows(6, []noted{reuse(0x000f, 0x0400, ""), {mask: 0xfff0, name: "data_4.reserved_d4_fff0", label: "reserved", help: "Zero."}}),
		nil,
		notedRows(6, []noted{reuse(0x000f, 0x0400, ""), {mask: 0x7ff0, name: "data_4.sta_id_user", label: "station", help: "The station whose part was captured."},
			{mask: 0x8000, name: "data_4.reserved_d4_b15", label: "reserved", help: "Zero."}}),
		notedRows(6, []noted{reuse(0x000f, 0x0400, "_1"), reuse(0x00f0, 0x0800, "_2"), reuse(0x0f00, 0x1000, "_3"), reuse(0xf000, 0x2000, "_4")}),
	}
	heData5 = notedRows(8, []noted{
		{mask: 0x000f, known: 0x4000, name: "data_5.data_bw_ru_allocation", label: "bandwidth or allocation", help: "How wide the channel or the unit was."},
		{mask: 0x0030, known: 0x2_0000, name: "data_5.gi", label: "guard interval", help: "How long the pause between symbols was: 0.8, 1.6 or 3.2 µs."},
		{mask: 0x00c0, name: "data_5.ltf_symbol_size", label: "training symbol's size", help: "How long a training symbol was."},
		{mask: 0x0700, known: 0x4_0000, name: "num_ltf_symbols", label: "training symbols", help: "How many training symbols there were."},
		{mask: 0x0800, name: "data_5.reserved_d5_b11", label: "reserved", help: "Zero."},
		{mask: 0x3000, known: 0x8_0000, name: "pre_fec_padding_factor", label: "padding factor", help: "How much padding came before the error correction."},
		{mask: 0x4000, known: 0x10_0000, name: "txbf", label: "beam", help: "Whether the frame was sent in a beam."},
		{mask: 0x8000, known: 0x20_0000, name: "pe_disambiguity", label: "extension's disambiguity", help: "Whether the packet's extension needs it."}})
	heData6 = notedRows(10, []noted{
		{mask: 0x000f, name: "data_6.nsts", label: "space-time streams", help: "How many streams were sent."},
		{mask: 0x0010, known: 0x8000, name: "data_6.doppler_value", label: "Doppler", help: "Whether the receiver moves fast."},
		{mask: 0x00e0, name: "data_6.reserved_d6_00e0", label: "reserved", help: "Zero."},
		{mask: 0x7f00, known: 0x40_0000, name: "data_6.txop_value", label: "transmission opportunity", help: "How long the sender keeps the channel."},
		{mask: 0x8000, known: 0x80_0000, name: "data_6.midamble_periodicity", label: "midamble", help: "How often training comes in between."}})
)

func heFlags(word string, from int, names ...string) []*Field {
	rows := make([]*Field, len(names))
	for i, name := range names {
		rows[i] = flag(1<<(from+i), "radiotap.he."+word+"."+name, strings.ReplaceAll(name, "_", " "), "Set when that is known.")
	}
	return rows
}

func heWord(at int, name string) *Field {
	return describeOne(Radiotap, radiotapRFC, little(hexRow(at, 2, "radiotap.he."+name, strings.ReplaceAll(name, "_", " "), "Parts of how the frame was sent."))[0])
}

func reuse(mask uint64, known uint32, which string) noted {
	return noted{mask: mask, known: known, name: "data_4.spatial_reuse" + which, label: "spatial reuse" + which, help: "Whether stations of other networks may send at the same time."}
}

func (n *radiotapNote) he(dst *[]Node, s span) {
	b := n.data[s.pos:]
	known := uint32(le16(b)) | uint32(le16(b[2:]))<<16
	all := n.node(heAll, s.pos, 12)
	all.Children, _ = n.fixed(nil, heKnown, s.pos, s)
	data4 := heData4[known&3]
	if data4 == nil { // an extended range is as one user
		data4 = heData4[0]
	}
	for i, list := range [][]noted{heData3, data4, heData5, heData6} {
		word := n.node(heWords[i], s.pos+heWords[i].At, 2)
		n.noted(&word.Children, s, known, list)
		all.Children = append(all.Children, word)
	}
	*dst = append(*dst, all)
}

// The field about several users has two words that say what is known.
const (
	muMCSKnown    = 0x0010
	muDCMKnown    = 0x0040
	muCenter2     = 0x0080
	muUnits1      = 0x0100
	muUnits2      = 0x0200
	muCenter1     = 0x1000
	muCountKnown  = 0x8000
	muCompression = 0x4000
	muWidthKnown  = 0x4_0000
	muPuncturing  = 0x400_0000
)

var (
	muAll   = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "", "802.11ax sharing", "How several users shared the transmission."))
	muFlags = [2]*Field{muWord(0, "flags_1"), muWord(2, "flags_2")}
	muRows1 = []muRow{
		muPlain(muPart(0, 0x000f, "sig_b_mcs", "header's index")),
		muEither(muMCSKnown, nil, muPart(0, 0x000f, "sig_b_mcs_unknown", "header's index, unknown")),
		muPlain(muPart(0, muMCSKnown, "sig_b_mcs_known", "header's index known")),
		muPlain(muPart(0, 0x0020, "sig_b_dcm", "header's dual carriers")),
		muEither(muDCMKnown, nil, muPart(0, 0x0020, "sig_b_dcm_unknown", "header's dual carriers, unknown")),
		muPlain(muPart(0, muDCMKnown, "sig_b_dmc_known", "header's dual carriers known")),
		muEither(muCenter2, muPart(0, muCenter2, "chan2_center_26_tone_ru_bit_known", "second centre known"), muPart(0, muCenter2, "chan2_center_26_tone_ru_bit_unknown", "second centre unknown")),
		muEither(muUnits1, muPart(0, muUnits1, "chan1_rus_known", "first channel's units known"), muPart(0, muUnits1, "chan1_rus_unknown", "first channel's units unknown")),
		muEither(muUnits2, muPart(0, muUnits2, "chan2_rus_known", "second channel's units known"), muPart(0, muUnits2, "chan2_rus_unknown", "second channel's units unknown")),
		muPlain(muPart(0, 0x0c00, "reserved_f1_b10_b11", "reserved")),
		muEither(muCenter1, muPart(0, muCenter1, "chan1_center_26_tone_ru_bit_known", "first centre known"), muPart(0, muCenter1, "chan1_center_26_tone_ru_bit_unknown", "first centre unknown")),
		muEither(muCenter1, muPart(0, 0x2000, "chan1_center_26_tone_ru_value", "first centre"), muPart(0, 0x1000, "chan1_center_26_tone_ru_bit_unknown", "first centre unknown")),
		muPlain(muPart(0, muCompression, "sig_b_compression_known", "compression known")),
		muEither(muCountKnown, muPart(0, muCountKnown, "symbol_cnt_or_user_cnt_known", "count known"), muPart(0, 0x00f0, "sig_b_syms_or_mu_mimo_users_unknown", "count unknown")),
	}
	muRows2 = []muRow{
		muEither(muWidthKnown, muPart(2, 0x0003, "bw_from_sig_a", "bandwidth"), muPart(2, 0x0003, "bw_from_sig_a_unknown", "bandwidth, unknown")),
		muPlain(muPart(2, 0x0004, "bw_from_sig_a_known", "bandwidth known")),
		muEither(muCompression, muPart(2, 0x0008, "sig_b_compression", "compression"), muPart(2, 0x0008, "sig_b_compression_unknown", "compression, unknown")),
		muEither(muCountKnown, muPart(2, 0x00f0, "sig_b_syms_or_mu_mimo_users", "count"), muPart(2, 0x00f0, "sig_b_syms_or_mu_mimo_users_unknown", "count, unknown")),
		muPlain(muPart(2, 0x0300, "preamble_puncturing", "puncturing")),
		muPlain(muPart(2, 0x0400, "preamble_puncturing_known", "puncturing known")),
		muEither(muCenter2, muPart(2, 0x0800, "chan2_center_26_tone_ru_value", "second centre"), muPart(2, 0x0080, "chan2_center_26_tone_ru_bit_unknown", "second centre, unknown")),
		muPlain(muPart(2, 0xf000, "reserved_f2_b12_b15", "reserved")),
	}
	muUnits = [2][2][4]*Field{muUnitRows(1), muUnitRows(2)}
	muUnit  = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "", "units", "The units of one of the two channels that the header is sent on."))
)

// muRow is a row, or another when a bit says that it is unknown; nil: none.
type muRow struct {
	known uint32
	rows  [2]*Field // unknown, known
}

func muPlain(f *Field) muRow                         { return muRow{0, [2]*Field{f, f}} }
func muEither(known uint32, f, unknown *Field) muRow { return muRow{known, [2]*Field{unknown, f}} }

func muPart(at int, mask uint64, name, label string) *Field {
	f := part(mask, "radiotap.he_mu."+name, label, "A part of how several users shared the transmission: "+label+".")
	f.At, f.Size, f.Little = at, 2, true
	return describeOne(Radiotap, radiotapRFC, f)
}

func muWord(at int, name string) *Field {
	return describeOne(Radiotap, radiotapRFC, little(hexRow(at, 2, "radiotap.he_mu."+name, strings.ReplaceAll(name, "_", " "), "How several users shared the transmission, and what is known of it."))[0])
}

// muUnitRows are the rows of a channel's units: unknown, known.
func muUnitRows(channel int) (rows [2][4]*Field) {
	for i := range 4 {
		name := "radiotap.he_mu.chan" + strconv.Itoa(channel) + "_rus_" + strconv.Itoa(i) + "_index"
		at := channel*4 + i
		rows[1][i] = describeOne(Radiotap, radiotapRFC, uintRow(at, 1, name, "unit "+strconv.Itoa(i), "Which users share this part of the channel, as a number of the standard's table."))
		rows[0][i] = describeOne(Radiotap, radiotapRFC, uintRow(at, 1, name+"_unknown", "unit "+strconv.Itoa(i)+", unknown", "Which users share this part of the channel, if it were known."))
	}
	return rows
}

func (n *radiotapNote) heShared(dst *[]Node, s span) {
	b := n.data[s.pos:]
	known := uint32(le16(b)) | uint32(le16(b[2:]))<<16
	all := n.node(muAll, s.pos, 12)
	for i, list := range [][]muRow{muRows1, muRows2} {
		word := n.node(muFlags[i], s.pos+2*i, 2)
		for _, r := range list {
			row := r.rows[0]
			if known&r.known != 0 || r.known == 0 {
				row = r.rows[1]
			}
			if row != nil {
				word.Children = append(word.Children, n.node(row, s.pos+row.At, 2))
			}
		}
		all.Children = append(all.Children, word)
	}
	for i, bit := range []uint32{muUnits1, muUnits2} {
		units := n.node(muUnit, s.pos+4+4*i, 4)
		which := 0
		if known&bit != 0 {
			which = 1
		}
		for _, f := range muUnits[i][which] {
			units.Children = append(units.Children, n.node(f, s.pos+f.At, 1))
		}
		all.Children = append(all.Children, units)
	}
	*dst = append(*dst, all)
}

package tui

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"strata/layers"
)

// look says how a cell looks: a role, which the theme gives a colour, and
// attributes.
type look uint16

// The roles. Layers come first, so that layerLook is a conversion.
const (
	plain  look = 0
	bad    look = 8  // lost, wrong
	accent look = 9  // where the eye should go; the one accent
	rule   look = 10 // lines and hints that only decorate
	quiet  look = 11 // labels beside what explains
	good   look = 12 // a filter that is one
	asker  look = 13 // what the side said that began a conversation
	giver  look = 14 // what the other side said

	roles look = 0x0f

	bold      look = 1 << 4
	reverse   look = 1 << 5 // changed in this step
	underline look = 1 << 6 // chosen

	looks = 1 << 7
)

// layerLook is the layer's colour, the same in every pane.
func layerLook(l layers.Layer) look { return look(l & 7) }

// Theme chooses the colours.
type Theme string

// The themes. Auto is Dark until the terminal says that it is light.
const (
	Auto  Theme = "auto"
	Dark  Theme = "dark"
	Light Theme = "light"
)

// palette is the colours of the roles; "" is the terminal's own.
type palette struct {
	full       [15]string // true colour
	sixteen    [15]string // ANSI
	fore, back string     // where there is no terminal: the SVG
}

var darkPalette = palette{
	full:    [15]string{"", "#B0B0B1", "#757BFF", "#61D7FE", "#4DA375", "#B571A1", "#F4A310", "#FFF779", "#ED5044", "#FFFFFF", "#7F849C", "#B4B8CC", "#7ED69B", "#FFB38A", "#9CC9FF"},
	sixteen: [15]string{"", "7", "12", "6", "2", "13", "3", "11", "9", "15", "8", "", "10", "3", "14"},
	fore:    "#DDE0EC", back: "#1E1E2E",
}

var lightPalette = palette{
	full:    [15]string{"", "#5E6166", "#1913F2", "#004054", "#2A7F53", "#B73F8D", "#7F4501", "#7F7100", "#6C1E10", "#000000", "#8A8D98", "#52555F", "#1B6B3A", "#8A3A0B", "#0B4A9E"},
	sixteen: [15]string{"", "8", "4", "6", "2", "5", "13", "3", "1", "0", "8", "", "2", "1", "4"},
	fore:    "#24262E", back: "#FFFFFF",
}

func (t Theme) palette() *palette {
	if t == Light {
		return &lightPalette
	}
	return &darkPalette
}

// inks turns looks into the escape sequences that begin them.
type inks struct {
	begin [looks]string
}

// newInks prepares every look for a palette and what the terminal can show.
func newInks(p *palette, can colorprofile.Profile) *inks {
	k := new(inks)
	for l := range k.begin {
		k.begin[l] = opening(style(look(l), p, can))
	}
	return k
}

func style(l look, p *palette, can colorprofile.Profile) lipgloss.Style {
	s := lipgloss.NewStyle()
	if c := p.colour(l&roles, can); c != nil {
		s = s.Foreground(c)
	}
	if l&roles == accent || l&bold != 0 {
		s = s.Bold(true)
	}
	if l&reverse != 0 {
		s = s.Reverse(true)
	}
	if l&underline != 0 {
		s = s.Underline(true)
	}
	return s
}

// colour is the role's colour for a terminal; nil: its own.
func (p *palette) colour(role look, can colorprofile.Profile) color.Color {
	name := ""
	if int(role) < len(p.full) {
		name = p.full[role]
	}
	if name != "" && can == colorprofile.ANSI {
		name = p.sixteen[role]
	}
	if name == "" || can < colorprofile.ANSI {
		return nil
	}
	return lipgloss.Color(name)
}

// opening is the escape sequence with which a style begins.
func opening(s lipgloss.Style) string {
	before, _, _ := strings.Cut(s.Render("x"), "x")
	return before
}

// ansi writes the canvas with its looks, lines joined by newlines.
func (k *inks) ansi(c *canvas) string {
	var b strings.Builder
	b.Grow(c.w * c.h * 3)
	for y := 0; y < c.h; y++ {
		if y > 0 {
			b.WriteByte('\n')
		}
		was := plain
		for _, at := range c.cells[y*c.w : (y+1)*c.w] {
			if at.r == 0 {
				continue
			}
			if at.look != was {
				if k.begin[was] != "" {
					b.WriteString("\x1b[m")
				}
				b.WriteString(k.begin[at.look])
				was = at.look
			}
			b.WriteRune(at.r)
		}
		if k.begin[was] != "" {
			b.WriteString("\x1b[m")
		}
	}
	return b.String()
}

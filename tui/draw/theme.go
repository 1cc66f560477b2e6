package draw

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"strata/layers"
)

// Look says how a cell looks: a role, which the theme gives a colour, and
// attributes.
type Look uint16

// The roles. Layers come first, so that layerLook is a conversion.
const (
	Plain  Look = 0
	Bad    Look = 8  // lost, wrong
	Accent Look = 9  // where the eye should go; the one accent
	Rule   Look = 10 // lines and hints that only decorate
	Quiet  Look = 11 // labels beside what explains
	Good   Look = 12 // a filter that is one
	Asker  Look = 13 // what the side said that began a conversation
	Giver  Look = 14 // what the other side said

	Roles Look = 0x0f

	Bold      Look = 1 << 4
	Reverse   Look = 1 << 5 // changed in this step
	Underline Look = 1 << 6 // chosen

	looks = 1 << 7
)

// LayerLook is the layer's colour, the same in every pane.
func LayerLook(l layers.Layer) Look { return Look(l & 7) }

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

var DarkPalette = palette{
	full:    [15]string{"", "#B0B0B1", "#757BFF", "#61D7FE", "#4DA375", "#B571A1", "#F4A310", "#FFF779", "#ED5044", "#FFFFFF", "#7F849C", "#B4B8CC", "#7ED69B", "#FFB38A", "#9CC9FF"},
	sixteen: [15]string{"", "7", "12", "6", "2", "13", "3", "11", "9", "15", "8", "", "10", "3", "14"},
	fore:    "#DDE0EC", back: "#1E1E2E",
}

var lightPalette = palette{
	full:    [15]string{"", "#5E6166", "#1913F2", "#004054", "#2A7F53", "#B73F8D", "#7F4501", "#7F7100", "#6C1E10", "#000000", "#8A8D98", "#52555F", "#1B6B3A", "#8A3A0B", "#0B4A9E"},
	sixteen: [15]string{"", "8", "4", "6", "2", "5", "13", "3", "1", "0", "8", "", "2", "1", "4"},
	fore:    "#24262E", back: "#FFFFFF",
}

func (t Theme) Palette() *palette {
	if t == Light {
		return &lightPalette
	}
	return &DarkPalette
}

// Inks turns looks into the escape sequences that begin them.
type Inks struct {
	begin [looks]string
}

// NewInks prepares every look for a palette and what the terminal can show.
func NewInks(p *palette, can colorprofile.Profile) *Inks {
	k := new(Inks)
	for l := range k.begin {
		k.begin[l] = opening(style(Look(l), p, can))
	}
	return k
}

func style(l Look, p *palette, can colorprofile.Profile) lipgloss.Style {
	s := lipgloss.NewStyle()
	if c := p.colour(l&Roles, can); c != nil {
		s = s.Foreground(c)
	}
	if l&Roles == Accent || l&Bold != 0 {
		s = s.Bold(true)
	}
	if l&Reverse != 0 {
		s = s.Reverse(true)
	}
	if l&Underline != 0 {
		s = s.Underline(true)
	}
	return s
}

// colour is the role's colour for a terminal; nil: its own.
func (p *palette) colour(role Look, can colorprofile.Profile) color.Color {
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

// ANSI writes the canvas with its looks, lines joined by newlines.
func (k *Inks) ANSI(c *Canvas) string {
	var b strings.Builder
	b.Grow(c.W * c.H * 3)
	for y := 0; y < c.H; y++ {
		if y > 0 {
			b.WriteByte('\n')
		}
		was := Plain
		for _, at := range c.Cells[y*c.W : (y+1)*c.W] {
			if at.R == 0 {
				continue
			}
			if at.look != was {
				if k.begin[was] != "" {
					b.WriteString("\x1b[m")
				}
				b.WriteString(k.begin[at.look])
				was = at.look
			}
			b.WriteRune(at.R)
		}
		if k.begin[was] != "" {
			b.WriteString("\x1b[m")
		}
	}
	return b.String()
}

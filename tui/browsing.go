package tui

import (
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/keys"
	"strata/tui/menu"
	"strata/tui/scene"
)

// browsing is a folder that is looked at, to open what lies there.
type browsing struct {
	menu    menu.Menu
	folder  Folder
	reading bool // another one is on its way
}

// folderMsg brings a folder; from is the one that was looked at before.
type folderMsg struct {
	folder Folder
	from   string
	err    error
}

// browse looks at a folder; "" is the current one.
func (m *model) browse(path string) tea.Cmd {
	b := &m.browsing
	if m.house.Folder == nil || b.reading {
		return nil
	}
	b.reading = true
	from := b.folder.Path
	return func() tea.Msg {
		f, err := m.house.Folder(path)
		return folderMsg{f, from, err}
	}
}

// browsed shows a folder that has come. Of the one above, the one that was
// looked at is chosen.
func (m *model) browsed(msg folderMsg) {
	b := &m.browsing
	b.reading, m.fresh = false, false
	if msg.err != nil {
		m.note = msg.err.Error()
		return
	}
	b.folder = msg.folder
	b.menu = menu.Menu{Title: msg.folder.Path, Empty: "There is no scenario, no capture and no folder here."}
	if msg.folder.Cut {
		b.menu.Remark = "only the first of many; : open PATH opens any"
	}
	var rows []menu.Row
	if msg.folder.Parent != "" {
		rows = append(rows, menu.Row{Name: "..", Help: "the folder above"})
	}
	for _, f := range msg.folder.Files {
		r := menu.Row{Name: f.Name, Value: f.What, Help: scene.FileSize(f.Size)}
		if f.What == "folder" {
			r.Name, r.Value, r.Help, r.Look = f.Name+"/", "", "", draw.Bold
		}
		rows = append(rows, r)
	}
	b.menu.Set(rows)
	if msg.folder.Path == filepath.Dir(msg.from) {
		b.menu.Choose(filepath.Base(msg.from) + "/")
	}
	m.over = browseOverlay
}

// browseAction takes a key while a folder lies over the screen.
func (m *model) browseAction(a keys.Action) tea.Cmd {
	b := &m.browsing
	switch a {
	case keys.Enter, keys.MoveRight:
		return m.enterChosen()
	case keys.MoveLeft:
		if b.folder.Parent != "" {
			return m.browse(b.folder.Parent)
		}
	case keys.Find:
		m.ask(m.questions.narrow, b.menu.Query)
	case keys.Command:
		m.ask(m.questions.command, "open "+b.folder.Path+string(filepath.Separator))
	default:
		b.menu.Do(a)
	}
	return nil
}

// enterChosen opens the chosen file, or enters the chosen folder.
func (m *model) enterChosen() tea.Cmd {
	b := &m.browsing
	i, ok := b.menu.Chosen()
	if !ok {
		return nil
	}
	if b.folder.Parent != "" {
		if i--; i < 0 {
			return m.browse(b.folder.Parent)
		}
	}
	f := b.folder.Files[i]
	if f.What == "folder" {
		return m.browse(f.Path)
	}
	return m.open(f.Path)
}

// openPath opens what a path names, be it a file or a folder.
func (m *model) openPath(path string) (tea.Cmd, error) {
	if m.house.Folder == nil {
		return m.open(path), nil
	}
	return func() tea.Msg {
		f, err := m.house.Folder(path)
		if err != nil {
			return pathMsg(path)
		}
		return folderMsg{folder: f}
	}, nil
}

// pathMsg is a path that is no folder's.
type pathMsg string

// overMenu is the menu that lies over the screen; nil: none does.
func (m *model) overMenu() *menu.Menu {
	switch m.over {
	case changeOverlay:
		return &m.changing.menu
	case browseOverlay:
		return &m.browsing.menu
	}
	return nil
}

// menuClick chooses a row; the chosen one is entered.
func (m *model) menuClick(x, y int) tea.Cmd {
	hit, again := m.overMenu().Click(x, y)
	switch {
	case !hit || !again:
		return nil
	case m.over == browseOverlay:
		return m.enterChosen()
	}
	return m.chooseChange()
}

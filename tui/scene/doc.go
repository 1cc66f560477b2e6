// Package scene is what all panes of the screen share: the trace held still,
// the place in it, and what is known of frames at a glance.
//
//	Scene ── T       Steady   the trace; it may grow, but not between two looks
//	      ├─ At      Cursor   which event, which frame, which of its steps
//	      ├─ Sieve            which frames pass the filter; Shown: those that lists show
//	      ├─ Tree    Glance   the cursor's frame taken apart; any frame in a word
//	      └─ Lanes   Marks    which nodes stand side by side; frames with a letter
//
// A Pane is a room of the screen: it draws itself from a scene into a
// rectangle, and takes keys, clicks and the wheel while it has the focus. It
// may move the scene's cursor; what is beyond the scene (another pane, a job in
// the background, something to say) it asks of the root by Wishes; a key that
// it leaves is the root's. Nothing that a pane does may take time that grows with the
// trace: it reads what is visible. Longer work is a Job.
package scene

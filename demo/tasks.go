package demo

import "time"

// emitTasks gives every second household something to do: overdue, due soon, later
// or done.
func (m *maker) emitTasks() {
	if !m.chance(.5) {
		return
	}
	kind := []string{"visit", "verify", "reassess", "collect"}[m.weighted(6, 2, 2, 1)]
	text := pick(m, taskTexts[kind])
	if kind == "visit" && text == taskTexts["visit"][2] && !m.home.alone {
		text = taskTexts["visit"][0]
	}
	set := map[string]any{"household": m.home.id, "kind": kind, "origin": taskOrigins[kind], "title": text.title, "detail": text.detail, "state": "open"}
	switch m.weighted(2, 3, 3, 4) {
	case 0:
		set["due_on"] = m.daysAgo(m.between(1, 20))
	case 1:
		set["due_on"] = m.ahead(m.between(0, 7))
	case 2:
		set["due_on"] = m.ahead(m.between(8, 45))
	case 3:
		set["due_on"] = m.daysAgo(m.between(5, 120))
		set["state"], set["result"] = "done", taskResult
	}
	m.emit("tasks", set)
}

// ahead is the day so many days after today.
func (m *maker) ahead(n int) string { return m.today.AddDate(0, 0, n).Format(time.DateOnly) }

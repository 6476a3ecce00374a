package engine

import (
	"context"
	"database/sql"
	"errors"

	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json/jsontext"
)

// ComplaintItem is a complaint or suggestion (投诉建议) with who handed it in and the
// household that it names, if it names one.
type ComplaintItem struct {
	Record   jsontext.Value
	Author   wire.Person
	HeadName string
	Region   string
}

// Complaints lists those of the scope, the newest first. One without a household is
// seen by its author's office.
func (e *Engine) Complaints(ctx context.Context, by *Account, state string, limit int, after int64) (items []ComplaintItem, next string, err error) {
	where, args := by.scopeSQL("c.")
	all := append(append([]any{state}, args...), limit+1, after)
	t := policy.Lookup("complaints")
	err = e.view(ctx, func(s *snapshot) error {
		rows, err := s.query(`SELECT `+tables["complaints"].columns+` FROM complaints c WHERE deleted = 0 AND state = ? AND `+where+`
			ORDER BY created DESC, id DESC LIMIT ? OFFSET ?`, all...)
		if err != nil {
			return err
		}
		var ids []string
		if err := renderEach(s, rows, t, false, func(id string, r rendered) {
			ids, items = append(ids, id), append(items, ComplaintItem{Record: r.json})
		}); err != nil {
			return err
		}
		for i, id := range ids {
			it := &items[i]
			err := s.queryRow(`SELECT coalesce(u.id, ''), coalesce(u.name, ''), coalesce(u.role, ''), coalesce(h.head_name, ''), c.area
				FROM complaints c LEFT JOIN users u ON u.id = c.author LEFT JOIN households h ON h.id = c.home WHERE c.id = ?`, id).
				Scan(&it.Author.ID, &it.Author.Name, &it.Author.Role, &it.HeadName, &it.Region)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if len(items) > limit {
		items, next = items[:limit], NextPage(after+int64(limit))
	}
	return items, next, err
}

// AnswerComplaint writes the office's answer, which the author's tablet shows;
// wire.NotFound if the complaint is not there or not the account's.
func (e *Engine) AnswerComplaint(ctx context.Context, by *Account, id, answer string) error {
	err := e.view(ctx, func(s *snapshot) error {
		var at location
		err := s.queryRow(`SELECT area, home FROM complaints WHERE id = ? AND deleted = 0`, id).Scan(&at.Area, &at.Home)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !by.Sees(at) {
			return wire.Err(wire.NotFound, "complaint")
		}
		return err
	})
	if err != nil {
		return err
	}
	results, err := e.Do(ctx, by, []Draft{{Type: "complaints", Record: id, Kind: wire.KindPatch, Set: map[string]any{"state": "answered", "answer": answer}}})
	if err != nil {
		return err
	}
	if r := results[0]; r.Error != nil {
		return r.Error
	}
	return nil
}

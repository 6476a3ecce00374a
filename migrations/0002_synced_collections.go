package migrations

import (
	"fmt"

	"doorstep/sync/policy"

	"github.com/pocketbase/pocketbase/core"
)

func init() {
	step("0002_synced_collections.go", AlignCollections)
}

// AlignCollections makes one collection per synced type and adds the columns
// that sync/policy has and the database has not. All their rules are nil: the
// engine is the only way in, and the reads go through scoped routes.
func AlignCollections(app core.App) error {
	for _, t := range policy.Types() {
		c, err := app.FindCollectionByNameOrId(t.Name)
		if err != nil {
			c = core.NewBaseCollection(t.Name)
			id := c.Fields.GetByName("id").(*core.TextField)
			id.Min, id.Max, id.Pattern, id.AutogeneratePattern = 36, 36, `^[0-9a-f-]{36}$`, ""
		}
		addColumns(c, t)
		if err := app.Save(c); err != nil {
			return fmt.Errorf("align %s: %w", t.Name, err)
		}
	}
	return nil
}

func addColumns(c *core.Collection, t *policy.Type) {
	add := func(f core.Field) {
		if c.Fields.GetByName(f.GetName()) == nil {
			c.Fields.Add(f)
		}
	}
	for i := range t.Fields {
		add(column(&t.Fields[i]))
	}
	for i := range t.Fields {
		if f := &t.Fields[i]; f.Blind {
			add(&core.TextField{Name: f.BlindColumn(), Hidden: true})
		}
	}
	for _, name := range []string{"returned", "created", "updated", "author", "area", "home"} {
		add(&core.TextField{Name: name})
	}
	for _, name := range []string{"rev", "deleted"} {
		add(&core.NumberField{Name: name, OnlyInt: true})
	}
	for _, name := range []string{"versions", "unconfirmed"} {
		add(&core.JSONField{Name: name, Hidden: true})
	}
	c.AddIndex("idx_"+t.Name+"_home", false, "home", "")
	if t.Name == "members" { // the same person twice in a village is looked for at every create
		c.AddIndex("idx_members_person", false, "area, name, birth_date", "")
		c.AddIndex("idx_members_number", false, "id_number_blind, area", "") // lists name people of the whole county
	}
	if t.Parent == "" {
		c.AddIndex("idx_"+t.Name+"_area", false, "area, head_name", "")
	}
}

// column maps a field's kind. Numbers and truth values are JSON columns because
// unknown is not zero and not false: PocketBase's own cannot be null.
func column(f *policy.Field) core.Field {
	switch f.Kind {
	case policy.Number, policy.Bool, policy.List, policy.Object:
		return &core.JSONField{Name: f.Name}
	default:
		return &core.TextField{Name: f.Name}
	}
}

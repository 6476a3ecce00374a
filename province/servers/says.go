package servers

import (
	"fmt"
	"maps"
	"time"

	"doorstep/province/store"
	"doorstep/province/wire"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
)

// Says is the county's register as it must stand at the province: read from its tables by
// the table of what goes up, without the feed, the relay and its watermark. The texts are
// by county/record.
func (c *County) Says() map[string]string {
	c.T.Helper()
	out := map[string]string{}
	if err := c.Engine.View(c.T.Context(), func(v *engine.View) error {
		for _, typ := range wire.Up() {
			ids, err := living(v, typ.Name)
			if err != nil {
				return err
			}
			for _, id := range ids {
				r, ok, err := v.Record(typ.Name, id)
				if err != nil || !ok {
					return fmt.Errorf("%s: %w", id, err)
				}
				values := map[string]any{}
				for _, col := range typ.Columns {
					if x := said(&col, &r); x != nil {
						values[col.Name] = x
					}
				}
				out[c.Code+"/"+id] = text(typ.Name, r.Household(), r.Area(), values)
			}
		}
		return nil
	}); err != nil {
		c.T.Fatal(err)
	}
	return out
}

// living are the ids of a type's records that are in the register.
func living(v *engine.View, typ string) (ids []string, err error) {
	rows, err := v.Query(`SELECT id FROM ` + typ + ` WHERE deleted = 0 AND home NOT LIKE '@%'`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Said is what the province has of a record, its envelope opened, in the words of Says.
func Said(r *store.Record, o *wire.Opener) (string, error) {
	values := map[string]any{}
	if err := json.Unmarshal([]byte(r.Values), &values); err != nil {
		return "", err
	}
	sealed, err := o.Open(r.County, r.Type, r.Record, r.Sealed)
	if err != nil {
		return "", err
	}
	maps.Copy(values, sealed)
	if number, _ := sealed["id_number"].(string); r.Blind != o.Blind(number) {
		return "", fmt.Errorf("%s: the blind is another number's", r.Record)
	}
	return text(r.Type, r.Household, r.Area, values), nil
}

// said is a column of a record as it goes up, told in other words than the product tells it.
func said(col *wire.Column, r *engine.Record) any {
	switch {
	case col.How == wire.Whether && r.Text(col.Name) != "":
		return true
	case col.How == wire.Whether:
		return nil
	case col.Name == wire.Created:
		came, err := time.Parse(time.RFC3339, r.Created())
		if err != nil {
			return err.Error() // which nothing that went up is equal to
		}
		return came.Add(8 * time.Hour).UTC().Format(time.DateOnly)
	}
	return r.Value(col.Name)
}

func text(typ, household, area string, values map[string]any) string {
	b, err := json.Marshal(values, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	return typ + " " + household + " " + area + " " + string(b)
}

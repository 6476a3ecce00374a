package register

import (
	"strings"

	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
)

// PlaceName is a division's code in words: its full name in this county, and else that it
// lies in another one (外县) with the code, for the table knows this county alone. counties
// are the names of those that the province introduced; nil: none is known.
func PlaceName(code string, counties map[string]string) string {
	if !region.Valid(code) {
		return code
	}
	if name := region.FullName(code); name != "" {
		return name
	}
	return strings.Join(strings.Fields(householdWords("away")+" "+counties[code[:6]]+" "+code), " ")
}

// PlaceNames are the names of all places that a household's own fields speak of, those of
// its history, too, by code.
func PlaceNames(q engine.Reader, story *engine.Story) (map[string]string, error) {
	list, err := handoverCounties(q)
	if err != nil {
		return nil, err
	}
	counties := make(map[string]string, len(list))
	for _, c := range list {
		counties[c.County] = c.Name
	}
	out := map[string]string{}
	var home map[string]any
	if err := json.Unmarshal(story.Household, &home); err != nil {
		return nil, err
	}
	look := func(values map[string]any) {
		for i := range households.Fields {
			code, _ := values[households.Fields[i].Name].(string)
			if strings.HasPrefix(households.Fields[i].Check, "region") && region.Valid(code) {
				out[code] = PlaceName(code, counties)
			}
		}
	}
	look(home)
	if open, ok := home["unconfirmed"].(map[string]any); ok {
		look(open)
	}
	for i := range story.History {
		if h := &story.History[i]; h.Type == households.Name {
			look(h.Set)
			look(h.Was)
		}
	}
	return out, nil
}

// households is the table's row.
var households = policy.Lookup("households")

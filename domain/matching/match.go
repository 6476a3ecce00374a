package matching

import "slices"

// Person is a member of the register who may be the one.
type Person struct {
	Member    string
	Household string
	Region    string // the household's village
	Name      string
	ID        string // as it stands in the register
	Born      string
	Alive     *bool
}

// Match says who of the candidates a record speaks of. byID are those with its
// number, byName those with its name, birth date and village; nobody else need be
// offered. All but strong goes to a person.
func Match(rec Record, byID, byName []Person) (Strength, []Person) {
	var same []Person
	for _, p := range byID {
		if PlainName(p.Name) == rec.Name {
			same = append(same, p)
		}
	}
	switch {
	case len(same) == 1:
		return Strong, same
	case len(same) > 1:
		return Ambiguous, same // one person in two households
	case len(byID) > 0:
		return NameConflict, byID
	}
	var likely []Person
	for _, p := range byName {
		if PlainName(p.Name) == rec.Name && p.Born == rec.Born && p.Born != "" && p.Region == rec.Village && p.Region != "" &&
			(p.ID == "" || rec.ID == "") { // with two different numbers they are two people
			likely = append(likely, p)
		}
	}
	switch len(likely) {
	case 0:
		return None, nil
	case 1:
		return Weak, likely
	}
	return Ambiguous, likely
}

// Situation is what the rules of a kind look at.
type Situation struct {
	Record     Record
	Found      bool
	Person     Person
	Categories []string            // that the household holds on the day
	Given      map[string][]string // item -> days on which it was given to the person or the household, late first
	Property   []string
	Repeated   bool // the same cause stood in the list before
}

// Classify is the class of a matched or unknown row, with the reason in words.
func (k *Kind) Classify(s Situation) (Result, string) {
	for _, r := range k.Rules {
		if !slices.ContainsFunc(r.When, func(c string) bool { return !holds(c, s) }) {
			return r.Result, r.Reason
		}
	}
	return Nothing, ""
}

// AsksRepeats reports whether the same cause twice in a list says something by
// itself; elsewhere it is a mistake of the list.
func (k *Kind) AsksRepeats() bool {
	return slices.ContainsFunc(k.Rules, func(r Rule) bool { return slices.Contains(r.When, "repeated") })
}

package dci

// Names of what a search answers with.
const (
	EntityMember = "Member"
	EntityGroup  = "Group"
	RegistryType = "ns:org:RegistryType:Social"
)

// entities are the words by which a request names them, in the forms of the standard that
// were published.
var entities = map[string]string{
	"": EntityMember, "Member": EntityMember, "SRPerson": EntityMember, "Person": EntityMember, "spdci-extensions-dci:Member": EntityMember, "spdci-extensions-dci:Person": EntityMember,
	"Group": EntityGroup, "Household": EntityGroup, "Family": EntityGroup, "spdci-extensions-dci:Group": EntityGroup,
}

// EntityOf is what a request asks for; "" for what is not answered here.
func EntityOf(c *Criteria) string {
	if c.Entity != "" {
		return entities[c.Entity]
	}
	return entities[c.RecordType]
}

// Registry reports whether a request is of this sort of registry.
func Registry(c *Criteria) bool {
	return c.RegType == "" || c.RegType == RegistryType || c.RegType == "Social"
}

// Individual is what the register knows of somebody, in its own codes.
type Individual struct {
	Number     string // in full
	Name       string
	Sex        string
	BirthDate  string
	Marriage   string
	Work       string
	Disability string
	Alive      *bool
	Registered string // RFC 3339
	Home       Household
}

// Household is where somebody belongs.
type Household struct {
	Number     string
	Area       string
	Size       int
	Registered string
	Categories []string // that stand, sorted
	Head       *Individual
	Members    []Individual
}

var context = map[string]any{
	"spdci":  "https://schema.spdci.org/extensions/social/v1/",
	"common": "https://schema.spdci.org/common/v1/",
	"xsd":    "http://www.w3.org/2001/XMLSchema#",
}

// MemberRecord is somebody as a sender is answered: what it may not see is not there.
// mask shortens a number for whom whole ones are not answered. What of the household the
// standard gives a group alone stands in additional_attributes.
func (s *Sender) MemberRecord(p *Individual, mask func(string) string) map[string]any {
	out := s.member(p, mask)
	out["@context"] = context
	further, _ := out["additional_attributes"].([]any)
	if s.Sees(AttrGroup) && p.Home.Number != "" {
		further = append(further, map[string]any{AttrGroup: p.Home.Number})
	}
	if s.Sees(AttrGroupSize) {
		further = append(further, map[string]any{AttrGroupSize: p.Home.Size})
	}
	if further = append(further, s.further(&p.Home)...); len(further) > 0 {
		out["additional_attributes"] = further
	}
	return out
}

func (s *Sender) member(p *Individual, mask func(string) string) map[string]any {
	person := map[string]any{"@type": "SRPerson"}
	out := map[string]any{"@type": "spdci:Member", "demographic_info": person}
	put := func(to map[string]any, attribute string, value any) {
		if s.Sees(attribute) && value != "" {
			to[attribute] = value
		}
	}
	if s.Sees(AttrUIN) && p.Number != "" {
		number := p.Number
		if !s.Whole {
			number = mask(number)
		}
		id := []any{map[string]any{"@type": "Identifier", "identifier_type": AttrUIN, "identifier_value": number}}
		out["member_identifier"], person["identifier"] = id, id
	}
	if s.Sees(AttrName) { // which part is the surname, a register of whole names does not know
		person["name"] = map[string]any{"@type": "Name", "given_name": p.Name}
	}
	put(person, AttrSex, FindAttribute(AttrSex).Word(p.Sex))
	put(person, AttrBirthDate, midnight(p.BirthDate))
	put(person, AttrRegistration, p.Registered)
	put(out, AttrRegistration, p.Registered)
	put(out, AttrMarital, FindAttribute(AttrMarital).Word(p.Marriage))
	put(out, AttrWork, FindAttribute(AttrWork).Word(p.Work))
	put(out, AttrDisabled, p.Disability != "")
	if p.Alive != nil && s.Sees(AttrDeceased) { // the standard has only the day, which is not always known
		out["additional_attributes"] = []any{map[string]any{AttrDeceased: !*p.Alive}}
	}
	return out
}

// midnight is a date as the standard writes one: with a time.
func midnight(date string) string {
	if date == "" {
		return ""
	}
	return date + "T00:00:00+08:00"
}

// GroupRecord is a household.
func (s *Sender) GroupRecord(h *Household, mask func(string) string) map[string]any {
	out := map[string]any{"@context": context, "@type": "spdci:Group", "group_type": "household"}
	if s.Sees(AttrGroup) && h.Number != "" {
		out[AttrGroup] = []any{map[string]any{"@type": "Identifier", "identifier_type": "household_number", "identifier_value": h.Number}}
	}
	if s.Sees(AttrGroupSize) {
		out[AttrGroupSize] = h.Size
	}
	if h.Head != nil {
		out["group_head_info"] = s.member(h.Head, mask)
	}
	members := make([]any, len(h.Members))
	for i := range h.Members {
		members[i] = s.member(&h.Members[i], mask)
	}
	out["member_list"] = members
	if s.Sees(AttrRegistration) && h.Registered != "" {
		out[AttrRegistration] = h.Registered
	}
	if further := s.further(h); len(further) > 0 {
		out["additional_attributes"] = further
	}
	return out
}

// further is of a household what the standard has no word for.
func (s *Sender) further(h *Household) (out []any) {
	if s.Sees(AttrArea) {
		out = append(out, map[string]any{AttrArea: h.Area})
	}
	if s.Sees(AttrCategory) {
		for _, c := range h.Categories {
			out = append(out, map[string]any{AttrCategory: FindAttribute(AttrCategory).Word(c)})
		}
	}
	return out
}

// Package deliberation is 一事一议 (policy 三(四): what is complex is considered by a
// meeting of the town's or the county's 困难群众基本生活保障工作协调机制) as tables: what a
// meeting's minutes say, what must be in them before anybody signs, what is signed,
// and where a determination asks for a meeting.
//
// It is pure: records, accounts, days and numbers are passed in; register/ keeps the
// minutes and takes the signatures. It decides no aid.
package deliberation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// States of the minutes. Their content never changes; only the signatures come.
const (
	Signing  = "signing"  // 待签字
	Signed   = "signed"   // 已签字: can be a ground
	Void     = "void"     // 已作废, before all had signed
	Replaced = "replaced" // 已更正: a later meeting took its place
)

// What a meeting came to.
const (
	Agree    = "agree"    // 同意所议方案
	Disagree = "disagree" // 不同意
	Again    = "again"    // 补充核查后再议: decides nothing
)

// Choice is one value of a list that a form offers, with the official word.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// stances are what somebody who took part may hold.
var stances = []Choice{{Agree, "同意"}, {Disagree, "不同意"}, {"abstain", "保留意见"}}

// Stances lists them.
func Stances() []Choice { return slices.Clone(stances) }

// StanceLabel is a stance's word.
func StanceLabel(value string) string {
	for _, s := range stances {
		if s.Value == value {
			return s.Label
		}
	}
	return value
}

// Attendee is one who took part, with what they said. Account "" signs on paper.
type Attendee struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Unit    string `json:"unit"` // 单位、职务
	Account string `json:"account"`
	Chair   bool   `json:"chair"`
	Stance  string `json:"stance"` // agree, disagree, abstain
	Opinion string `json:"opinion"`
}

// Award is a category that the meeting held right: of the household, or of a member.
type Award struct {
	Category string `json:"category"`
	Member   string `json:"member"`
}

// Minutes are what is signed: all that a meeting was and said. Awards nil: it was not
// about a category; empty: none.
type Minutes struct {
	ID            string     `json:"id"`
	Household     string     `json:"household"`
	Application   string     `json:"application"`
	Determination string     `json:"determination"`
	Warning       string     `json:"warning"`
	Replaces      string     `json:"replaces"`
	Level         string     `json:"level"`
	Subject       string     `json:"subject"`
	HeldOn        string     `json:"held_on"`
	Place         string     `json:"place"`
	Attendees     []Attendee `json:"attendees"`
	Decision      string     `json:"decision"`
	Awards        []Award    `json:"awards"`
	Text          string     `json:"text"`
}

// Digest is what a signature stands under: SHA-256 over the minutes as JSON, the fields
// in the order of Minutes.
func (m Minutes) Digest() (string, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Attendee finds one by id; nil if nobody of that id took part.
func (m *Minutes) Attendee(id string) *Attendee {
	for i := range m.Attendees {
		if m.Attendees[i].ID == id {
			return &m.Attendees[i]
		}
	}
	return nil
}

// IsGround reports whether minutes in a state decide anything that a determination or a
// warning may rest on.
func IsGround(state, decision string) bool { return state == Signed && decision != Again }

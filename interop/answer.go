package interop

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"doorstep/interop/dci"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Answer answers a message: an envelope with 200, or a fault with its own status. An
// error is the server's.
func (d *Desk) Answer(ctx context.Context, body []byte, origin string) (status int, answer any, err error) {
	m, err := d.open(body)
	var why dci.Reason
	if errors.As(err, &why) {
		return why.Status(), dci.FaultOf(why), nil
	}
	if err != nil {
		return 0, nil, err
	}
	m.Origin = origin
	head := m.fault(d)
	if head == "" {
		if head, err = d.register.Admit(ctx, m.Arrival); err != nil {
			return 0, nil, err
		}
	}
	if head != "" && head.Status() != 200 {
		return head.Status(), dci.FaultOf(head), nil
	}
	out, err := d.answer(ctx, m, head)
	if err != nil {
		return 0, nil, err
	}
	return 200, out, nil
}

// message is one whose signature holds.
type message struct {
	Arrival
	header  dci.Header
	request dci.Request
	signed  dci.Signature
}

// open checks the signature before anything else of a message is believed. Who is not
// registered and whose signature is wrong are answered alike in time, not in words: names
// of senders are no secret.
func (d *Desk) open(body []byte) (*message, error) {
	var e dci.Envelope
	if len(body) > MaxBody || json.Unmarshal(body, &e) != nil || e.Header.Kind() != '{' || e.Message.Kind() != '{' {
		return nil, dci.BadRequest
	}
	m := &message{}
	if json.Unmarshal(e.Header, &m.header) != nil {
		return nil, dci.BadRequest
	}
	var err error
	if m.signed, err = dci.ParseSignature(e.Signature); err != nil {
		return nil, err
	}
	if m.Sender = d.senders.Find(m.header.SenderID); m.Sender == nil {
		return nil, dci.BadSender
	}
	key, known := m.Sender.Key(m.signed.Key, m.signed.Algorithm)
	if !known || m.signed.Sender != m.Sender.ID || !m.signed.Timely(d.now()) || !m.signed.Verify(key, e.Header, e.Message) {
		return nil, dci.BadSignature
	}
	if m.header.ReceiverID != d.signer.ID {
		return nil, dci.BadReceiver
	}
	if m.header.Encrypted {
		return nil, dci.BadEncryption
	}
	if json.Unmarshal(e.Message, &m.request) != nil || !short(m.header.MessageID) || !short(m.request.TransactionID) || len(m.request.Searches) == 0 {
		return nil, dci.BadRequest
	}
	m.MessageID, m.Searches = m.header.MessageID, len(m.request.Searches)
	return m, nil
}

// short is a name that senders give: there, and of at most 99 characters.
func short(name string) bool { return name != "" && len([]rune(name)) <= 99 }

// fault is what is wrong with the header; "": nothing.
func (m *message) fault(d *Desk) dci.Reason {
	at, err := time.Parse(time.RFC3339, m.header.MessageTS)
	switch {
	case m.header.Version != "" && m.header.Version != dci.Version:
		return dci.BadVersion
	case m.header.Action == "":
		return dci.BadAction
	case m.header.Action != dci.ActionSearch:
		return dci.UnsupportedAction
	case err != nil || at.After(d.now().Add(dci.Skew)) || at.Before(d.now().Add(-dci.Longest-dci.Skew)):
		return dci.BadMessageTime
	case m.Searches > dci.MostSearches:
		return dci.TotalCountExceeded
	case m.header.TotalCount != m.Searches:
		return dci.BadTotalCount
	}
	return ""
}

// answer makes the searches, enters them, and signs what they found. head is why the
// whole message is rejected.
func (d *Desk) answer(ctx context.Context, m *message, head dci.Reason) (*dci.Envelope, error) {
	h := dci.AnswerHeader{Version: dci.Version, MessageID: d.newID(), MessageTS: dci.Stamp(d.now()), Action: dci.ActionOnSearch, Status: dci.Succeeded,
		TotalCount: m.Searches, SenderID: d.signer.ID, ReceiverID: m.Sender.ID}
	out := dci.Response{TransactionID: m.request.TransactionID, CorrelationID: d.newID()}
	if head != "" {
		h.Status, h.Reason, h.ReasonMessage = dci.Rejected, head, head.Message()
		return d.seal(h, out)
	}
	entries, seen := []Entry{}, map[string]bool{}
	for i := range m.request.Searches {
		s := &m.request.Searches[i]
		q, why := m.inquiry(s, seen)
		entry := Entry{Inquiry: q, Reason: why}
		one := dci.Answer{ReferenceID: s.ReferenceID, Timestamp: dci.Stamp(d.now()), Status: dci.Succeeded}
		if why == "" {
			found, err := d.register.Find(ctx, q)
			if err != nil && !errors.As(err, &entry.Reason) {
				return nil, err
			}
			entry.Total, entry.Subject = found.Total, found.Subject
			one.Data = d.data(s, q, found)
			one.Pagination = &dci.PageAnswer{Size: q.Size, Number: q.Page, Total: found.Total}
		}
		if entry.Reason != "" {
			one.Status, one.Reason, one.ReasonMessage, one.Data, one.Pagination = dci.Rejected, entry.Reason, entry.Reason.Message(), nil, nil
		}
		entries, out.Answers = append(entries, entry), append(out.Answers, one)
	}
	h.Completed = m.Searches
	if !slices.ContainsFunc(out.Answers, func(a dci.Answer) bool { return a.Status == dci.Succeeded }) {
		h.Status, h.Reason, h.ReasonMessage = dci.Rejected, dci.TooManyErrors, dci.TooManyErrors.Message()
	}
	// Nothing is answered that the auditors will not find.
	if err := d.register.Enter(ctx, entries); err != nil {
		return nil, err
	}
	return d.seal(h, out)
}

// inquiry checks one search against what its sender may.
func (m *message) inquiry(s *dci.Search, seen map[string]bool) (Inquiry, dci.Reason) {
	c := &s.Criteria
	q := Inquiry{Arrival: m.Arrival, Reference: s.ReferenceID, Purpose: c.Purpose(), Size: min(10, m.Sender.Page), Page: 1, Sort: c.Sort}
	if !short(s.ReferenceID) {
		return q, dci.BadReference
	}
	if seen[s.ReferenceID] {
		return q, dci.RepeatedReference
	}
	seen[s.ReferenceID] = true
	if _, err := time.Parse(time.RFC3339, s.Timestamp); err != nil {
		return q, dci.BadTimestamp
	}
	entity := dci.EntityOf(c)
	if entity == "" || !dci.Registry(c) || !slices.Contains(m.Sender.Purposes, q.Purpose) || c.QueryType != dci.ByIdentifier && !m.Sender.Predicates {
		return q, dci.BadCriteria
	}
	q.Group = entity == dci.EntityGroup
	var why dci.Reason
	where, err := dci.ParseQuery(c.QueryType, query(c.Query))
	if errors.As(err, &why) {
		return q, why
	}
	for _, a := range where.Attributes() {
		// Who is asked after by number need not be answered with it.
		if !m.Sender.Sees(a) && (a != dci.AttrUIN || c.QueryType != dci.ByIdentifier) {
			return q, dci.BadFilter
		}
	}
	q.Where = where
	for _, by := range c.Sort {
		a := dci.FindAttribute(by.Attribute)
		if a == nil || !a.Sort || !m.Sender.Sees(a.Name) || by.Order != "" && by.Order != "asc" && by.Order != "desc" || len(c.Sort) > 3 {
			return q, dci.BadSort
		}
	}
	if p := c.Pagination; p != nil {
		q.Size, q.Page = p.Size, p.Number
		if q.Page == 0 {
			q.Page = 1 // its default
		}
		if q.Size < 1 || q.Size > m.Sender.Page || q.Page < 1 || q.Page > m.Sender.Found {
			return q, dci.BadPagination
		}
	}
	return q, ""
}

// query is there, or null.
func query(v jsontext.Value) jsontext.Value {
	if len(bytes.TrimSpace(v)) == 0 {
		return jsontext.Value("null")
	}
	return v
}

// data shows what was found as the sender may see it.
func (d *Desk) data(s *dci.Search, q Inquiry, found Found) *dci.Data {
	out := &dci.Data{Version: dci.Version, RegType: dci.RegistryType, EventType: s.Criteria.EventType, RecordType: dci.EntityMember, Records: []any{}}
	for i := range found.People {
		out.Records = append(out.Records, q.Sender.MemberRecord(&found.People[i], d.mask))
	}
	if q.Group {
		out.RecordType = dci.EntityGroup
	}
	for i := range found.Homes {
		out.Records = append(out.Records, q.Sender.GroupRecord(&found.Homes[i], d.mask))
	}
	return out
}

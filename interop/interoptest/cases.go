package interoptest

import (
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"doorstep/interop"
	"doorstep/interop/dci"
)

// WrongSearches: whatever a search is wrong in has the standard's code, and finds nothing.
// The number is somebody's whom the wide sender would find.
func (k *Kit) WrongSearches(t *testing.T, number string) {
	with := func(o Obj, key string, v any) Obj { o[key] = v; return o }
	for name, c := range map[string]struct {
		search Obj
		want   dci.Reason
	}{
		"no reference":          {with(ByNumber(number), "reference_id", ""), dci.BadReference},
		"a bad time":            {with(ByNumber(number), "timestamp", "gestern"), dci.BadTimestamp},
		"another registry":      {ByNumber(number, Obj{"reg_type": "ns:org:RegistryType:Civil"}), dci.BadCriteria},
		"another entity":        {ByNumber(number, Obj{"response_entity": "Farm"}), dci.BadCriteria},
		"no purpose":            {ByNumber(number, Obj{"authorize": Obj{}}), dci.BadCriteria},
		"another query":         {Search("graphql", "{a}"), dci.BadCriteria},
		"another identifier":    {Search("idtype-value", Obj{"type": "BRN", "value": "1"}), dci.BadFilter},
		"no value":              {Search("idtype-value", Obj{"type": "UIN"}), dci.BadFilter},
		"no query":              {Search("predicate", nil), dci.BadFilter},
		"an unknown attribute":  {Search("predicate", Where("poverty_score", "lt", 5)), dci.BadFilter},
		"SQL for an attribute":  {Search("predicate", Where("sex) OR (1=1", "eq", "male")), dci.BadFilter},
		"an unknown operator":   {Search("predicate", Where("birth_date", "like", "19%")), dci.BadFilter},
		"an order of codes":     {Search("predicate", Where("sex", "gt", "male")), dci.BadFilter},
		"no code":               {Search("predicate", Where("sex", "eq", "m'--")), dci.BadFilter},
		"an answered attribute": {Search("predicate", Where("name", "eq", "于秀英")), dci.BadFilter},
		"a sort of codes":       {ByNumber(number, Obj{"sort": []any{Obj{"attribute_name": "sex"}}}), dci.BadSort},
		"too large a page":      {ByNumber(number, Obj{"pagination": Obj{"page_size": 6}}), dci.BadPagination},
		"a page before first":   {ByNumber(number, Obj{"pagination": Obj{"page_size": 5, "page_number": -1}}), dci.BadPagination},
	} {
		header, message := k.Wide.Message(nil, c.search)
		a := k.Wide.Send(t, header, message, k.Wide.Sign(t, header, message, time.Now()))
		if len(a.Message.Answers) != 1 || a.Message.Answers[0].Reason != c.want || len(a.Message.Answers[0].Data.Records) != 0 || a.Header.Reason != dci.TooManyErrors {
			t.Errorf("%s: want %s, got %s", name, c.want, a.Raw)
		}
	}
	twice := ByNumber(number)
	a := k.Wide.Asks(t, twice, twice)
	if a.Header.Status != "succ" || a.Message.Answers[0].Status != "succ" || a.Message.Answers[1].Reason != dci.RepeatedReference {
		t.Errorf("%s", a.Raw)
	}
	if a := k.Narrow.Asks(t, Search("predicate", Where("assistance_category", "eq", "subsistence"))).Message.Answers[0]; a.Reason != dci.BadCriteria {
		t.Errorf("who may only ask after known people searched: %+v", a)
	}
}

// OnceInTimeAndRate: a message is taken once, in its time, and within its sender's rate.
// The narrow sender must not have asked in the last minute.
func (k *Kit) OnceInTimeAndRate(t *testing.T, number string) {
	wide, narrow := k.Wide, k.Narrow
	header, message := wide.Message(nil, ByNumber(number))
	signature := wide.Sign(t, header, message, time.Now())
	if a := wide.Send(t, header, message, signature); a.Header.Status != "succ" {
		t.Fatalf("%s", a.Raw)
	}
	if a := wide.Send(t, header, message, signature); a.Header.Reason != dci.RepeatedMessage || len(a.Message.Answers) != 0 {
		t.Errorf("a copy: %s", a.Raw)
	}
	for name, c := range map[string]struct {
		change func(Obj)
		want   dci.Reason
	}{
		"another version":  {func(h Obj) { h["version"] = "0.1.0" }, dci.BadVersion},
		"no action":        {func(h Obj) { h["action"] = "" }, dci.BadAction},
		"another action":   {func(h Obj) { h["action"] = "subscribe" }, dci.UnsupportedAction},
		"an old message":   {func(h Obj) { h["message_ts"] = "2026-01-01T00:00:00Z" }, dci.BadMessageTime},
		"a wrong count":    {func(h Obj) { h["total_count"] = 2 }, dci.BadTotalCount},
		"another receiver": {func(h Obj) { h["receiver_id"] = "elsewhere" }, dci.BadReceiver},
		"encrypted":        {func(h Obj) { h["is_msg_encrypted"] = true }, dci.BadEncryption},
		"no id":            {func(h Obj) { h["message_id"] = "" }, dci.BadRequest},
	} {
		header, message := wide.Message(c.change, ByNumber(number))
		a := wide.Send(t, header, message, wide.Sign(t, header, message, time.Now()))
		if why := append(a.Errors, dci.FaultLine{Code: a.Header.Reason})[0].Code; why != c.want || a.Status != c.want.Status() {
			t.Errorf("%s: want %s, got %d %s", name, c.want, a.Status, a.Raw)
		}
	}
	many := make([]Obj, dci.MostSearches+1)
	for i := range many {
		many[i] = ByNumber(number)
	}
	if a := wide.Asks(t, many...); a.Header.Reason != dci.TotalCountExceeded {
		t.Errorf("%s", a.Raw)
	}
	for i := range 4 {
		a := narrow.Asks(t, ByNumber(number))
		if i < 3 && a.Status != 200 || i == 3 && (a.Status != 429 || a.Errors[0].Code != dci.TooManyRequests) {
			t.Errorf("search %d: %d %s", i+1, a.Status, a.Raw)
		}
	}
}

// OnlyOwnSignatures: nobody is answered whose message is not signed by a registered key,
// now, whole. secret is what must stand in no refusal; the number finds it.
func (k *Kit) OnlyOwnSignatures(t *testing.T, number, secret string) {
	wide, narrow := k.Wide, k.Narrow
	refused := func(name string, body any, want dci.Reason) {
		t.Helper()
		status, answer := k.Post(t, body)
		a := k.Valid(t, status, answer)
		if status != want.Status() || len(a.Errors) != 1 || a.Errors[0].Code != want {
			t.Errorf("%s: want %s, got %d %s", name, want, status, answer)
		}
		if strings.Contains(a.Raw, secret) || strings.Contains(a.Raw, number) {
			t.Errorf("%s is shown %s", name, answer)
		}
	}
	header, message := wide.Message(nil, ByNumber(number))
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	whole := func(sig string) Obj { return Obj{"signature": sig, "header": header, "message": message} }
	right := wide.Sign(t, header, message, time.Now())
	thief := *wide
	thief.Private = stranger
	refused("no signature at all", Obj{"header": header, "message": message}, dci.MissingSignature)
	refused("a stranger's key", whole(thief.Sign(t, header, message, time.Now())), dci.BadSignature)
	refused("no signature", whole("unsigned-stub"), dci.BadSignature)
	refused("an old signature", whole(wide.Sign(t, header, message, time.Now().Add(-time.Hour))), dci.BadSignature)
	refused("one of tomorrow", whole(wide.Sign(t, header, message, time.Now().Add(time.Hour))), dci.BadSignature)
	refused("one that lives too long", whole(strings.Replace(right, `expires="`, `expires="9`, 1)), dci.BadSignature)
	refused("another algorithm's name", whole(strings.ReplaceAll(right, "ed25519", "sm2")), dci.BadSignature)
	h2, m2 := narrow.Message(nil, ByNumber(number))
	refused("a key of somebody else's", Obj{"signature": right, "header": h2, "message": m2}, dci.BadSignature)
	changed := Obj{}
	for k, v := range message {
		changed[k] = v
	}
	changed["transaction_id"] = "another"
	refused("a changed message", Obj{"signature": right, "header": header, "message": changed}, dci.BadSignature)
	nobody := *wide
	nobody.ID = "nobody.test"
	h3, m3 := nobody.Message(nil, ByNumber(number))
	refused("a system that is not registered", Obj{"signature": nobody.Sign(t, h3, m3, time.Now()), "header": h3, "message": m3}, dci.BadSender)
	refused("no message", "{", dci.BadRequest)
	refused("a list", "[]", dci.BadRequest)
	refused("too much", Obj{"signature": strings.Repeat("x", interop.MaxBody)}, dci.BadRequest)
	if a := wide.Send(t, header, message, right); a.Header.Status != "succ" || !strings.Contains(a.Raw, secret) {
		t.Errorf("after all of these the right one: %s", a.Raw)
	}
}

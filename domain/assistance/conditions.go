package assistance

import (
	"slices"
	"time"
)

// truth is what the facts say of a condition.
type truth int

const (
	no truth = iota
	unknown
	yes
)

// condition is one condition of a cell or an item: what it is called in a reason,
// what a visitor asks where it is unknown, and the test.
type condition struct {
	says string
	asks string
	test func(*search) truth
}

var (
	urban       = condition{"城镇家庭", "是城镇家庭还是农村家庭", func(s *search) truth { return known(s.Household.Urban, true) }}
	rural       = condition{"农村家庭", "是城镇家庭还是农村家庭", func(s *search) truth { return known(s.Household.Urban, false) }}
	homeSupport = condition{"分散供养", "是分散供养还是集中供养", func(s *search) truth {
		for _, c := range s.held {
			if c.Category == "destitute" {
				return is(c.SupportForm, "home")
			}
		}
		return no
	}}
	agreementSigned = condition{"已签供养协议", "供养协议签了没有", func(s *search) truth { return known(s.Household.Agreement, true) }}
	lowIncome       = condition{"低收入人口", "", func(s *search) truth { return when(len(s.held) > 0) }}
	relapseRisk     = condition{"防止返贫监测对象", "", func(s *search) truth {
		return when(slices.ContainsFunc(s.held, func(c Category) bool { return c.Category == "relapse_risk" }))
	}}
	unsafeHouse = condition{"住房为C级或D级", "住房安全等级是几级，漏不漏雨、裂不裂缝", func(s *search) truth {
		return is(s.Household.HousingGrade, "C", "D")
	}}
	needsUrbanHousing = condition{"住房困难", "住房是不是够住、安不安全，有没有自己的房", urbanHousing}
	hitByDisaster     = condition{"遭受自然灾害", "灾情是否属实，损失多少", func(s *search) truth { return s.reported("disaster") }}
	// A report proves the blow, not that life can no longer be managed: a person asks.
	suddenNeed = condition{"遇到突发急难", "眼下生活能不能维持", func(s *search) truth {
		return both(s.reported("disaster", "accident", "death", "serious_illness"), unknown)
	}}

	// 单独纳入 by the clause: a seriously ill member, or a certificate of grade 1 or 2,
	// or of grade 3 for mental or intellectual disability. Who would qualify and is not
	// yet admitted is a question, not a claim.
	admittedAlone = condition{"单独纳入低保", "愿不愿意申请重病重残单独纳入低保", func(s *search) truth {
		if slices.ContainsFunc(s.Categories, func(c Category) bool {
			return c.Member == s.who.ID && c.Category == "subsistence" && s.stands(c)
		}) {
			return yes
		}
		m := s.who
		if m.Health == "serious" || severe(m) || m.DisabilityGrade == "3" && (m.DisabilityKind == "5" || m.DisabilityKind == "6") {
			return unknown
		}
		return no
	}}
	adultSevereNoWork = condition{"成年无业重度残疾人，可参照单人户", "愿不愿意按单人户申请低保", func(s *search) truth {
		idle := is(s.who.WorkState, "unemployed", "unable", "at_home")
		return both(both(s.older("adult_age"), when(severe(s.who))), idle)
	}}
	seriouslyIll = condition{"患重大疾病", "身体怎么样，有没有得大病", func(s *search) truth { return is(s.who.Health, "serious") }}
	insured      = condition{"已参加医保", "医保参加了没有", func(s *search) truth { return known(s.who.Insured, true) }}
	enrolled     = condition{"在园在校", "还在不在上学，上几年级", func(s *search) truth {
		if s.who.SchoolStage != "" {
			return when(s.who.SchoolStage != "none")
		}
		return both(both(s.older("school_from"), not(s.older("school_to"))), unknown) // only the age of schooling raises the question
	}}
	jobless    = condition{"失业", "现在有没有活干", func(s *search) truth { return both(is(s.who.WorkState, "unemployed"), workingAge(s)) }}
	ableToWork = condition{"有劳动能力", "还能不能干活", func(s *search) truth {
		return both(is(s.who.Capacity, "full", "partial"), workingAge(s))
	}}
	hardToPlace = condition{"就业困难人员", "哪年哪月出生", func(s *search) truth {
		age := "hard_to_place_male"
		if s.who.Sex == "2" {
			age = "hard_to_place_female"
		}
		if s.who.DisabilityGrade != "" {
			return yes
		}
		return s.older(age)
	}}
	cannotCare = condition{"生活不能自理的老年人、未成年人、残疾人", "是否年满60岁、未成年或有残疾", func(s *search) truth {
		if s.who.SelfCareFailed == 0 {
			return no
		}
		if s.who.DisabilityGrade != "" {
			return yes
		}
		return either(s.older("elderly_age"), not(s.older("adult_age")))
	}}
	severelyDisabled = condition{"重度残疾", "", func(s *search) truth { return when(severe(s.who)) }}
	disabledChild    = condition{"残疾儿童", "出生日期", func(s *search) truth {
		return both(when(s.who.DisabilityGrade != ""), not(s.older("rehabilitation_age")))
	}}
	diedRecently = condition{"近期去世", "", func(s *search) truth {
		return when(!s.who.living() && s.recent(s.who.DeathDate))
	}}
)

// urbanHousing: an unsafe house or none of one's own is a need; who rents or borrows
// may have one, by the county's housing standard.
func urbanHousing(s *search) truth {
	switch {
	case s.Household.HousingGrade == "C" || s.Household.HousingGrade == "D" || s.Household.HousingKind == "none":
		return yes
	case s.Household.HousingKind == "rented" || s.Household.HousingKind == "borrowed" || s.Household.HousingKind == "":
		return unknown
	}
	return no
}

func workingAge(s *search) truth { return both(s.older("work_from"), not(s.older("work_to"))) }

func severe(m *Member) bool { return m.DisabilityGrade == "1" || m.DisabilityGrade == "2" }

func (m *Member) living() bool { return m.Alive == nil || *m.Alive }

// older reports whether the member has reached an age of the parameters.
func (s *search) older(param string) truth {
	born, err := time.Parse(time.DateOnly, s.who.BirthDate)
	if err != nil {
		return unknown
	}
	return when(born.AddDate(int(s.params.Number(param, s.Today)), 0, 0).Format(time.DateOnly) <= s.Today)
}

// reported: confirmed by the town, or reported and still to be looked at.
func (s *search) reported(kinds ...string) truth {
	out := no
	for _, r := range s.Reports {
		if !slices.Contains(kinds, r.Kind) || !s.recent(r.HappenedOn) {
			continue
		}
		if r.Confirmed {
			return yes
		}
		out = unknown
	}
	return out
}

func (s *search) recent(day string) bool {
	return day != "" && day <= s.Today && since(day, s.Today) <= int(s.params.Number("recent_days", s.Today))
}

func when(b bool) truth {
	if b {
		return yes
	}
	return no
}

func known(v *bool, want bool) truth {
	if v == nil {
		return unknown
	}
	return when(*v == want)
}

// is: "" is unknown.
func is(v string, any ...string) truth {
	if v == "" {
		return unknown
	}
	return when(slices.Contains(any, v))
}

func not(t truth) truth       { return yes - t }
func both(a, b truth) truth   { return min(a, b) }
func either(a, b truth) truth { return max(a, b) }

// since is the days from one day to a later one; a malformed one is long ago.
func since(from, to string) int {
	a, err := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil {
		return 1 << 30
	}
	return int(b.Sub(a).Hours() / 24)
}

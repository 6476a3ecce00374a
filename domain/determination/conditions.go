package determination

import (
	"slices"
	"strconv"
	"strings"
)

// condition is one thing that a step asks.
type condition struct {
	code   string
	title  string
	clause string
	test   func(*probe) Outcome
}

const (
	clauseOrder     = "二(二)"
	clauseSingle    = "四(一)"
	clauseDestitute = "特困人员认定办法"     // 民发〔2021〕43号
	clauseAudit     = "最低生活保障审核确认办法" // 民发〔2021〕57号
)

var (
	weak = condition{"weak", "老年人、残疾人或未成年人", clauseDestitute + "第四条", func(p *probe) Outcome {
		elder, minor := p.aged("elderly_age"), not(p.aged("minor_age"))
		if or(elder, minor) == Yes {
			return told(p, Yes, "weak_age", p.who.Name)
		}
		grade, known := p.disabled()
		if known == Unknown {
			return told(p, Unknown, "unknown_disability", p.who.Name)
		}
		out := or(elder, minor, when(grade != ""))
		return told(p, out, map[Outcome]string{Yes: "weak_disabled", No: "weak_no", Unknown: "unknown_age"}[out], p.who.Name)
	}}
	noCapacity = condition{"no_capacity", "无劳动能力", clauseDestitute + "第五条", func(p *probe) Outcome {
		age := or(p.aged("elderly_age"), not(p.aged("minor_age")))
		if age == Yes {
			return told(p, Yes, "capacity_age", p.who.Name)
		}
		capacity, known := read(p, "capacity_to_work", p.who.Capacity)
		able := Unknown
		if known {
			able = when(capacity == "none")
		}
		if able == Yes {
			return told(p, Yes, "capacity_none", p.who.Name)
		}
		out := or(age, able, incapable(p))
		return told(p, out, map[Outcome]string{Yes: "capacity_disabled", No: "capacity_some", Unknown: "capacity_unknown"}[out], p.who.Name)
	}}
	noLivelihood = condition{"no_livelihood", "无生活来源", clauseDestitute + "第六条", func(p *probe) Outcome {
		return incomeBelow(p, "livelihood_multiple", "livelihood")
	}}
	noSupport = condition{"no_support", "无法定赡养、抚养、扶养义务人，或义务人无履行义务能力", clauseDestitute + "第四条、第八条", func(p *probe) Outcome {
		able, known := read(p, "supporter_able", p.facts.Supporter)
		if !known {
			return told(p, Unknown, "support_unknown")
		}
		return told(p, when(!able), map[bool]string{true: "support_some", false: "support_none"}[able])
	}}
	belowStandard = condition{"below_standard", "人均收入低于低保标准", clauseAudit, func(p *probe) Outcome {
		return incomeBelow(p, "", "standard")
	}}
	belowMarginal = condition{"below_marginal", "人均收入低于低保边缘标准", clauseAudit, func(p *probe) Outcome {
		return incomeBelow(p, "marginal_multiple", "marginal")
	}}
	belowDisposable = condition{"below_disposable", "人均收入低于上年度人均可支配收入", clauseOrder, func(p *probe) Outcome {
		income, known := read(p, "monthly_income", p.facts.MonthlyIncome)
		heads, limit := float64(p.heads()), p.param("disposable_income")
		if !known {
			return told(p, Unknown, "income_unknown")
		}
		out := below(income*12, limit*heads, limit*heads)
		return told(p, out, map[Outcome]string{Yes: "disposable_yes", No: "disposable_no"}[out], yuan(income*12/heads), yuan(limit))
	}}
	rigidShare = condition{"rigid_share", "刚性支出占收入的比例", clauseOrder, rigid}

	// 单独纳入: the clause ends in 等; what more the county admits is three parameters.
	singleKind = condition{"single_kind", "重病患者、一二级重残、三级精神智力残疾等", clauseSingle, single}

	adult = condition{"adult", "成年", clauseSingle, func(p *probe) Outcome {
		out := p.aged("adult_age")
		return told(p, out, map[Outcome]string{Yes: "adult_yes", No: "adult_no", Unknown: "unknown_age"}[out], p.who.Name)
	}}
	severe = condition{"severe", "一级、二级重度残疾", clauseSingle, func(p *probe) Outcome {
		grade, known := p.disabled()
		if known == Unknown {
			return told(p, Unknown, "unknown_disability", p.who.Name)
		}
		out := when(grade == "1" || grade == "2")
		return told(p, out, map[Outcome]string{Yes: "severe_yes", No: "severe_no"}[out], p.who.Name)
	}}
	noWork = condition{"no_work", "无业", clauseSingle, func(p *probe) Outcome {
		state, known := read(p, "work_state", p.who.WorkState)
		if !known {
			return told(p, Unknown, "work_unknown", p.who.Name)
		}
		out := when(slices.Contains([]string{"unemployed", "unable", "at_home"}, state))
		return told(p, out, map[Outcome]string{Yes: "work_no", No: "work_yes"}[out], p.who.Name)
	}}
	ownIncome = condition{"own_income", "本人收入低于低保标准(参照单人户)", clauseSingle, func(p *probe) Outcome {
		low, high := p.standard()
		income, known := read(p, "own_income", p.who.OwnIncome)
		if !known {
			return told(p, Unknown, "own_unknown", p.who.Name)
		}
		out := below(income, low, high)
		if out == Unknown {
			return told(p, Unknown, "own_unknown", p.who.Name)
		}
		return told(p, out, "own_"+string(out), p.who.Name, yuan(income), between(low, high))
	}}
	// The register keeps the family's property, not a member's: where the family's own
	// passes, so does the member's; where it does not, the member's must be asked.
	ownProperty = condition{"own_property", "本人财产符合规定", clauseSingle, func(p *probe) Outcome {
		if p.who.OwnWithin.Value == nil {
			if property(p, "marginal") == Yes {
				return Yes
			}
			p.check.asks = nil
		}
		within, known := read(p, "own_property_within", p.who.OwnWithin)
		if !known {
			return told(p, Unknown, "own_property_unknown", p.who.Name)
		}
		return told(p, when(within), map[bool]string{true: "own_property_yes", false: "own_property_no"}[within], p.who.Name)
	}}
)

// told gives the outcome and its reason.
func told(p *probe, out Outcome, key string, args ...any) Outcome {
	p.say(key, args...)
	return out
}

// incapable: disabilities that by the rule leave no capacity to work (第五条): grade
// 1–3 intellectual or mental, 1–2 limbs, 1 sight.
func incapable(p *probe) Outcome {
	grade, known := p.disabled()
	switch {
	case known == Unknown:
		return Unknown
	case grade == "" || grade == "4":
		return No
	}
	kind, known2 := read(p, "disability_kind", p.who.Disability)
	if !known2 || kind == "7" {
		p.ask("disability_kind")
		return Unknown
	}
	return when(strings.Contains(map[string]string{"5": "123", "6": "123", "4": "12", "1": "1"}[kind], grade))
}

// incomeBelow holds the income per head against a multiple of the standard.
func incomeBelow(p *probe, multiple, says string) Outcome {
	low, high := p.standard()
	if multiple != "" {
		times := p.param(multiple)
		low, high = low*times, high*times
	}
	income, known := read(p, "monthly_income", p.facts.MonthlyIncome)
	heads := float64(p.heads())
	if !known {
		return told(p, Unknown, "income_unknown")
	}
	out := below(income, low*heads, high*heads)
	if out == Unknown {
		return told(p, Unknown, "income_unknown")
	}
	return told(p, out, "income_"+string(out), yuan(income), strconv.Itoa(int(heads)), yuan(income/heads), texts["limit_"+says], between(low, high))
}

func rigid(p *probe) Outcome {
	income, known := read(p, "monthly_income", p.facts.MonthlyIncome)
	share := p.param("rigid_share")
	if known && fen(income) == 0 {
		return told(p, Yes, "rigid_no_income")
	}
	cost, told2 := read(p, "rigid_cost_12m", p.facts.RigidCost)
	if !known || !told2 {
		return told(p, Unknown, "rigid_unknown")
	}
	out := when(fen(cost) >= fen(income*12*share))
	return told(p, out, "rigid_"+string(out), yuan(cost), yuan(income*12), yuan(cost/(income*12)*100), yuan(share*100))
}

func single(p *probe) Outcome {
	var all []Outcome
	health, known := read(p, "health", p.who.Health)
	switch {
	case !known:
		all = append(all, Unknown)
	case health == "serious":
		return told(p, Yes, "single_ill", p.who.Name)
	case health == "chronic":
		all = append(all, when(p.param("single_chronic") == 1))
	}
	if age := p.param("single_age"); age > 0 {
		all = append(all, p.aged("single_age"))
	}
	grade, certain := p.disabled()
	switch {
	case certain == Unknown:
		all = append(all, Unknown)
	case grade == "1" || grade == "2":
		return told(p, Yes, "single_severe", p.who.Name)
	case grade == "3" && p.param("single_grade3") == 1:
		return told(p, Yes, "single_more", p.who.Name)
	case grade == "3":
		all = append(all, p.mind())
	}
	out := or(all...)
	return told(p, out, "single_"+string(out), p.who.Name)
}

// propertyOf is the property test of a category: kinds that it excludes, the deposits
// of a head against months of the standard.
func propertyOf(category string) condition {
	return condition{"property." + category, "财产符合规定", clauseAudit, func(p *probe) Outcome { return property(p, category) }}
}

func property(p *probe, category string) Outcome {
	kinds, known := read(p, "property", p.facts.Property)
	if !known {
		return told(p, Unknown, "property_unknown")
	}
	all := []Outcome{Yes}
	for _, k := range counted {
		if slices.Contains(kinds, k.code) && p.param("property."+category+"."+k.code) == 1 {
			return told(p, No, "property_kind", k.label)
		}
	}
	if slices.Contains(kinds, "deposit") {
		low, high := p.standard()
		months, heads := p.param("deposit_months."+category), float64(p.heads())
		deposit, known := read(p, "deposit", p.facts.Deposit)
		out := Unknown
		if known {
			// The limit may be reached: not below the next hundredth.
			out = below(deposit-0.01, low*months*heads, high*months*heads)
		}
		if out == No {
			return told(p, No, "property_deposit", yuan(deposit/heads), yuan(months))
		}
		all = append(all, out)
	}
	if slices.Contains(kinds, "other") {
		within, known := read(p, "other_property_within", p.facts.OtherWithin)
		switch {
		case !known:
			all = append(all, Unknown)
		case !within:
			return told(p, No, "property_other")
		}
	}
	out := and(all...)
	return told(p, out, "property_"+string(out))
}

package demo

import (
	"math/rand/v2"

	"doorstep/domain/region"
)

// The villages that the accounts of Appendix B work in: 李哥庄镇 with two villages,
// and 铺集镇 as the other town.
const (
	WorkerVillage   = "370281102200" // 港东新村
	NeighborVillage = "370281102220" // 李哥庄新村
	HomeTown        = "370281102"
	OtherTown       = "370281105"
)

// lot is a village's share of the county's households.
type lot struct {
	village    region.Region
	households int
}

// allot spreads the households: the accounts' villages first and full enough to
// show something, the rest by weight.
func allot(c Config) []lot {
	n := max(c.Households, 0)
	worker, neighbor := sized(n, 28, 10, 100, 150), sized(n, 16, 6, 60, 200)
	if n < 60 {
		worker, neighbor = n-n*5/10, n*3/10
	}
	out := []lot{{village(WorkerVillage), worker}, {village(NeighborVillage), neighbor}}
	var others []region.Region
	for _, v := range region.Villages(region.County) {
		if !v.Virtual() && v.Code != WorkerVillage && v.Code != NeighborVillage {
			others = append(others, v)
		}
	}
	random := rand.New(rand.NewPCG(uint64(c.Seed), 0xa110c))
	weights, sum := make([]int, len(others)), 0
	for i := range others {
		weights[i] = 50 + random.IntN(100)
		sum += weights[i]
	}
	rest, passed := n-worker-neighbor, 0
	for i, v := range others {
		// What is due up to here less what is due before: the shares add up exactly.
		share := rest*(passed+weights[i])/sum - rest*passed/sum
		passed += weights[i]
		out = append(out, lot{v, share})
	}
	return out
}

// shownOff reports a village of the accounts of Appendix B.
func (m *maker) shownOff() bool {
	return m.lot.village.Code == WorkerVillage || m.lot.village.Code == NeighborVillage
}

// sized is the size of an account's village: at least so many, else a per cent of
// the county up to a limit, and in a large county its share among all villages.
func sized(n, atLeast, percent, limit, oneIn int) int {
	return max(atLeast, min(n*percent/100, limit), n/oneIn)
}

func village(code string) region.Region {
	r, ok := region.Lookup(code)
	if !ok {
		panic("demo: no village " + code) // a constant of this package
	}
	return r
}

package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"time"
)

const (
	photoWidth, photoHeight = 480, 360
	photosPerVillage        = 20
	drawings                = 12 // different ones; many households share them, as a picture is kept once
)

// drawing is one picture of the album.
type drawing struct {
	file    []byte
	sha     string
	caption string
}

// drawAlbum makes the pictures of a seed.
func drawAlbum(seed int64) []drawing {
	random := rand.New(rand.NewPCG(uint64(seed), 0xd4a31))
	out := make([]drawing, drawings)
	for i := range out {
		kind := []string{"house", "courtyard", "house", "courtyard", "certificate", "house"}[i%6]
		out[i].file, out[i].caption = draws(kind, random), photoCaptions[kind]
		sum := sha256.Sum256(out[i].file)
		out[i].sha = hex.EncodeToString(sum[:])
	}
	return out
}

// photograph adds pictures to some visits of the villages that the accounts see,
// and to a household here and there elsewhere.
func (m *maker) photograph(ownerType, owner string, v visit) {
	if v.outcome != "met" || m.pictures >= 2 || m.home.central {
		return
	}
	if m.shownOff() && (m.place%2 == 1 || m.place >= 2*photosPerVillage) || !m.shownOff() && (m.place != 5 || m.index%4 != 0) {
		return
	}
	picture := pick(m, m.album)
	day, _ := time.Parse(time.DateOnly, m.daysAgo(v.ago))
	id := m.emit("photos", map[string]any{
		"owner_type": ownerType, "owner": owner, "sha256": picture.sha, "bytes": float64(len(picture.file)),
		"width": float64(photoWidth), "height": float64(photoHeight), "caption": picture.caption,
		"taken_at": day.Add(time.Duration(m.between(60, 540)) * time.Minute).Format("2006-01-02T15:04:05.000Z"),
	})
	m.out.Photos = append(m.out.Photos, Photo{id, picture.sha, picture.file})
	m.pictures++
}

// draws makes a simple picture, so that the demo has photos of nobody.
func draws(kind string, random *rand.Rand) []byte {
	c := canvas{image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight)), random}
	switch kind {
	case "certificate":
		c.certificate()
	case "courtyard":
		c.sky()
		c.courtyard()
	default:
		c.sky()
		c.house()
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, c.RGBA, &jpeg.Options{Quality: 78}); err != nil {
		panic(err) // a buffer takes everything, and the size is a constant
	}
	return out.Bytes()
}

type canvas struct {
	*image.RGBA
	random *rand.Rand
}

func (c canvas) fill(x0, y0, x1, y1 int, shade color.RGBA) {
	draw.Draw(c.RGBA, image.Rect(x0, y0, x1, y1), image.NewUniform(shade), image.Point{}, draw.Src)
}

// tone is a colour, a little lighter or darker each time.
func (c canvas) tone(r, g, b uint8) color.RGBA {
	shift := c.random.IntN(24) - 12
	clamp := func(v uint8) uint8 { return uint8(max(0, min(255, int(v)+shift))) }
	return color.RGBA{clamp(r), clamp(g), clamp(b), 255}
}

// sky is a gradient over a strip of earth.
func (c canvas) sky() {
	top, low := c.tone(150, 190, 225), c.tone(226, 236, 240)
	for y := range photoHeight {
		t := float64(y) / photoHeight
		mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-t) + float64(b)*t) }
		c.fill(0, y, photoWidth, y+1, color.RGBA{mix(top.R, low.R), mix(top.G, low.G), mix(top.B, low.B), 255})
	}
	c.fill(0, 270, photoWidth, photoHeight, c.tone(186, 166, 134))
}

// house is a row house of the region: red tiles, light walls, a door between two
// windows.
func (c canvas) house() {
	left, right, eaves := 50+c.random.IntN(30), 400+c.random.IntN(40), 150+c.random.IntN(20)
	tiles := c.tone(178, 84, 62)
	for y := eaves - 55; y < eaves; y++ {
		inset := (eaves - y) / 2
		c.fill(left-18+inset, y, right+18-inset, y+1, tiles)
	}
	c.fill(left, eaves, right, 290, c.tone(233, 224, 205))
	c.fill(left, 268, right, 290, c.tone(150, 146, 140))
	middle := (left + right) / 2
	c.fill(middle-30, eaves+40, middle+30, 290, c.tone(120, 62, 44))
	c.fill(middle-34, eaves+22, middle+34, eaves+38, c.tone(196, 40, 44)) // 横批
	c.fill(middle-44, eaves+44, middle-34, eaves+120, c.tone(196, 40, 44))
	c.fill(middle+34, eaves+44, middle+44, eaves+120, c.tone(196, 40, 44))
	for _, x := range []int{left + 30, right - 100} {
		c.fill(x, eaves+36, x+70, eaves+94, c.tone(92, 118, 140))
		c.fill(x+33, eaves+36, x+37, eaves+94, c.tone(240, 240, 236))
		c.fill(x, eaves+63, x+70, eaves+67, c.tone(240, 240, 236))
	}
	c.tree(right+20, 290)
}

// courtyard is a wall with a gate, a vegetable bed and stacked maize.
func (c canvas) courtyard() {
	c.fill(0, 170, photoWidth, 275, c.tone(206, 186, 160))
	for x := 0; x < photoWidth; x += 24 {
		c.fill(x, 170, x+2, 275, c.tone(182, 160, 134))
	}
	gate := 170 + c.random.IntN(80)
	c.fill(gate-12, 120, gate+122, 134, c.tone(120, 120, 124))
	c.fill(gate, 134, gate+110, 285, c.tone(132, 40, 36))
	c.fill(gate+54, 134, gate+56, 285, c.tone(80, 24, 22))
	for row := range 4 {
		y := 300 + row*14
		for x := 20 + row*4; x < 180; x += 18 {
			c.fill(x, y, x+10, y+8, c.tone(74, 128, 66))
		}
	}
	for i := range 26 {
		x, y := 400+(i%6)*11, 250-(i/6)*11
		c.fill(x, y, x+9, y+9, c.tone(230, 178, 60))
	}
	c.tree(40+c.random.IntN(30), 275)
}

func (c canvas) tree(x, ground int) {
	c.fill(x-5, ground-70, x+5, ground, c.tone(104, 78, 54))
	for range 40 {
		dx, dy := c.random.IntN(70)-35, c.random.IntN(60)
		c.fill(x+dx-8, ground-120+dy-6, x+dx+8, ground-120+dy+6, c.tone(96, 132, 74))
	}
}

// certificate is a booklet with lines in place of writing: nothing on it can be
// read.
func (c canvas) certificate() {
	c.fill(0, 0, photoWidth, photoHeight, c.tone(168, 140, 108))
	c.fill(60, 50, 420, 310, c.tone(246, 243, 232))
	c.fill(60, 50, 420, 92, c.tone(166, 46, 48))
	c.fill(84, 120, 174, 240, c.tone(196, 206, 214))
	c.fill(112, 140, 146, 176, c.tone(150, 160, 170))
	c.fill(98, 184, 160, 236, c.tone(150, 160, 170))
	for row := range 6 {
		y := 124 + row*26
		c.fill(196, y, 196+120+c.random.IntN(80), y+7, c.tone(150, 146, 138))
	}
}

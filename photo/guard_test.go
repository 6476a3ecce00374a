package photo

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"sync/atomic"
	"testing"
)

// What a tablet, or somebody with its token, may hand in beside honest pictures and
// bombs: files that are two things at once, and pictures that say where and by whom
// they were taken. Each comes out as a bare picture or is refused; the server's
// process decodes none of it, so it is there afterwards.
func TestDisguisesComeOutBareOrNotAtAll(t *testing.T) {
	plain, drawn := jpegOf(t, quadrants(96, 64)), pngOf(t, quadrants(96, 64))
	lossless := riffChunk("VP8L", vp8l(96, 64, 255, topLeft(96, 64)))
	behindStart := func(segments ...[]byte) []byte { return slicesOf(plain[:2], slicesOf(segments...), plain[2:]) }
	var peak atomic.Int64
	const taken, refused = true, false
	cases := map[string]struct {
		data []byte
		want bool
	}{
		"jpeg that is a zip, too":                {slicesOf(plain, zipOf(t)), taken},
		"jpeg that is a pdf, too":                {behindStart(segment(0xfe, []byte("%PDF-1.4\n"+canary))), taken},
		"jpeg that is a program, too":            {slicesOf(plain, []byte("\x7fELF"+canary)), taken},
		"jpeg with a jpeg behind it":             {slicesOf(plain, plain), taken},
		"png with html behind it":                {slicesOf(drawn, []byte("<script>"+canary+"</script>")), taken},
		"png that is a zip, too":                 {slicesOf(drawn, zipOf(t)), taken},
		"webp with html behind it":               {slicesOf(riff(lossless), []byte("<script>"+canary)), refused}, // a RIFF says how long it is
		"gif that is a script":                   {[]byte("GIF89a/*" + canary + "*/=1;alert(1)"), refused},
		"zip with a jpeg behind it":              {slicesOf(zipOf(t), plain), refused},
		"pdf with a jpeg behind it":              {slicesOf([]byte("%PDF-1.4\n"), plain), refused},
		"html with a jpeg behind it":             {slicesOf([]byte("<html>"), plain), refused},
		"svg in a jpeg's name":                   {[]byte("\ufeff<?xml version=\"1.0\"?><svg onload=\"alert(1)\"/>"), refused},
		"tiff":                                   {tiffBlock(binary.LittleEndian, 1), refused},
		"heic":                                   {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), refused},
		"bmp":                                    {append([]byte("BM"), make([]byte, 60)...), refused},
		"xbm":                                    {[]byte("#define x_width 8\n#define x_height 8\nstatic char x_bits[] = {1};"), refused},
		"jpeg with a place":                      {withEXIF(plain, binary.BigEndian, 1), taken},
		"jpeg with a place in the GPS directory": {behindStart(segment(0xe1, append([]byte("Exif\x00\x00"), gpsBlock()...))), taken},
		"jpeg with a small copy inside":          {behindStart(segment(0xe1, append([]byte("Exif\x00\x00"), append(tiffBlock(binary.LittleEndian, 1), plain...)...))), taken},
		"jpeg with xmp":                          {behindStart(segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+canary))), taken},
		"jpeg with iptc":                         {behindStart(segment(0xed, []byte("Photoshop 3.0\x008BIM"+canary))), taken},
		"jpeg with a colour profile":             {behindStart(segment(0xe2, []byte("ICC_PROFILE\x00\x01\x01"+canary))), taken},
		"jpeg with every kind of note":           {behindStart(everySegment()...), taken},
		"png with a place":                       {rawPNGOf(t, quadrants(96, 64), pngChunk("eXIf", gpsBlock())), taken},
		"png with texts": {rawPNGOf(t, quadrants(96, 64), slicesOf(pngChunk("tEXt", []byte("Author\x00"+canary)),
			pngChunk("zTXt", append([]byte("Comment\x00\x00"), deflated(t, canary)...)), pngChunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"+canary)))), taken},
		"webp with a place, xmp and a profile": {riff(vp8xChunk(0x2c, 96, 64), riffChunk("ICCP", []byte(canary)), lossless,
			riffChunk("EXIF", gpsBlock()), riffChunk("XMP ", []byte(canary))), taken},
	}
	t.Run("corpus", func(t *testing.T) {
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				_, a, err := process(t, theWorkshop, c.data) // which looks that nothing hidden is left
				var no *Error
				if c.want && err != nil || !c.want && (!errors.As(err, &no) || no.Code != Invalid) {
					t.Errorf("%v; want taken: %v", err, c.want)
				}
				for at := peak.Load(); a.PeakKiB > at && !peak.CompareAndSwap(at, a.PeakKiB); at = peak.Load() {
				}
			})
		}
	})
	t.Logf("%d files; the largest child had %d MiB", len(cases), peak.Load()>>10)
	if peak.Load() > 256<<10 {
		t.Error("more than 256 MiB")
	}
}

// zipOf is an archive with the canary in it.
func zipOf(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "index.html", Method: zip.Store})
	if err == nil {
		_, err = w.Write([]byte("<script>" + canary))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func deflated(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// gpsBlock is an EXIF block whose only entry leads to a directory of GPS, with a
// latitude in it as a telephone writes one, and the canary as the name of the area.
func gpsBlock() []byte {
	o := binary.LittleEndian
	b := o.AppendUint32([]byte("II*\x00"), 8)
	b = ifdEntry(o, o.AppendUint16(b, 1), 0x8825, 4, 1, 26) // where the directory is
	b = o.AppendUint32(b, 0)
	b = o.AppendUint16(b, 3)
	b = ifdEntry(o, b, 1, 2, 2, uint32('N'))
	b = ifdEntry(o, b, 2, 5, 3, 68)                         // degrees, minutes, seconds
	b = ifdEntry(o, b, 0x1c, 2, uint32(len(canary)), 68+24) // area
	b = o.AppendUint32(b, 0)
	for _, n := range []uint32{36, 1, 15, 1, 5230, 100} {
		b = o.AppendUint32(b, n)
	}
	return append(b, canary...)
}

// everySegment is one of each that may carry notes, with the canary in it.
func everySegment() (out [][]byte) {
	for marker := byte(0xe0); marker <= 0xef; marker++ {
		if marker != 0xee { // Adobe's own says how colours are meant
			out = append(out, segment(marker, []byte(canary)))
		}
	}
	return append(out, segment(0xfe, []byte(canary)))
}

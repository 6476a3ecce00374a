package backup

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"doorstep/durable"
	"doorstep/photo"
)

// sumsFile stands beside a picture's sizes, in the format of sha256sum, so that an
// operator can check a backup with a tool that every Linux has.
const sumsFile = "SHA256SUMS"

// photoTurns: of the pictures that are there already, each backup reads a part
// again, so that after so many backups every one has been looked at.
const photoTurns = 16

// photos brings the pictures into the folder that are not in it, and answers for
// all of them. A picture that has gone bad in the folder is copied again.
func (f Folder) photos(ctx context.Context, dataDir string, shas []string) (out PhotoSums, err error) {
	before, err := list(ctx, f)
	if err != nil {
		return out, err
	}
	turn := 0
	if len(before) > 0 {
		turn = int(before[len(before)-1].Seq+int64(len(before))) % photoTurns
	}
	all := sha256.New()
	for i, sha := range shas {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		again := i%photoTurns == turn
		sums, err := readSums(f.Dir, sha, again)
		if err != nil {
			if sums, err = bring(dataDir, f.Dir, sha); err != nil {
				return out, fmt.Errorf(textPhotoMissing, sha, err)
			}
			out.Copied++
		} else if again {
			out.Checked++
		}
		all.Write([]byte(sums))
	}
	out.Count, out.SHA256 = len(shas), hex.EncodeToString(all.Sum(nil))
	return out, nil
}

// bring copies a picture's sizes from one tree to another, reads them back from
// there, and answers their sums. Where the source tells sums, they must agree.
func bring(from, to, sha string) (string, error) {
	if !photo.IsSHA256(sha) {
		return "", fs.ErrInvalid
	}
	source, place := photo.Place(from, sha), photo.Place(to, sha)
	making := place + ".part"
	if err := errors.Join(os.RemoveAll(making), durable.MkdirAll(making)); err != nil {
		return "", err
	}
	var sums strings.Builder
	for _, size := range photo.Sizes() {
		name := size.File()
		want, _, err := hashFile(filepath.Join(source, name))
		if err != nil {
			return "", err
		}
		if err := copyFile(filepath.Join(source, name), filepath.Join(making, name)); err != nil {
			return "", err
		}
		if got, n, err := hashFile(filepath.Join(making, name)); err != nil || got != want || n == 0 {
			return "", errors.Join(err, fmt.Errorf(textPhotoDamaged, sha))
		}
		fmt.Fprintf(&sums, "%s  %s\n", want, name)
	}
	if err := durable.WriteFile(filepath.Join(making, sumsFile), strings.NewReader(sums.String())); err != nil {
		return "", err
	}
	if err := os.RemoveAll(place); err != nil {
		return "", err
	}
	return sums.String(), durable.Rename(making, place)
}

// readSums answers a picture's sums if all of its sizes are there; thorough reads
// them and compares.
func readSums(dir, sha string, thorough bool) (string, error) {
	if !photo.IsSHA256(sha) {
		return "", fs.ErrInvalid
	}
	place := photo.Place(dir, sha)
	text, err := os.ReadFile(filepath.Join(place, sumsFile))
	if err != nil {
		return "", err
	}
	found := 0
	lines := bufio.NewScanner(strings.NewReader(string(text)))
	for lines.Scan() {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok || !photo.IsSHA256(sum) || filepath.Base(name) != name {
			return "", fmt.Errorf(textPhotoDamaged, sha)
		}
		if err := checkFile(filepath.Join(place, name), sum, thorough); err != nil {
			return "", err
		}
		found++
	}
	if found != len(photo.Sizes()) {
		return "", fmt.Errorf(textPhotoDamaged, sha)
	}
	return string(text), nil
}

func checkFile(path, sum string, thorough bool) error {
	if !thorough {
		info, err := os.Stat(path)
		if err == nil && info.Size() == 0 {
			err = fs.ErrInvalid
		}
		return err
	}
	got, _, err := hashFile(path)
	if err == nil && got != sum {
		err = fmt.Errorf(textPhotoDamaged, path)
	}
	return err
}

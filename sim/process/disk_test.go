//go:build linux

package process

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

var mounting = flag.Bool("mount", true, "false: behave as where no file system can be mounted")

// disk is an ext4 file system in a sparse file, mounted through a loop device.
// What reached the loop device counts as written; what is in the page cache of
// the mounted file system does not survive shutdown.
type disk struct {
	t    *testing.T
	img  string
	dir  string // where it is mounted
	open bool
}

// mountable tries it once on a small image.
func mountable(t *testing.T) error {
	t.Helper()
	if !*mounting {
		return errors.New("not wanted")
	}
	if os.Geteuid() != 0 {
		return errors.New("mounting needs root")
	}
	d := &disk{t: t, img: filepath.Join(t.TempDir(), "probe"), dir: t.TempDir()}
	if err := d.make(16 << 20); err != nil {
		return err
	}
	defer d.unmount()
	return d.goingDown()
}

func newDisk(t *testing.T, size int64) *disk {
	t.Helper()
	d := &disk{t: t, img: filepath.Join(t.TempDir(), "image"), dir: t.TempDir()}
	if err := d.make(size); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.unmount)
	return d
}

func (d *disk) make(size int64) error {
	f, err := os.Create(d.img)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Truncate(size), f.Close()); err != nil {
		return err
	}
	if out, err := exec.Command("mkfs.ext4", "-q", "-F", "-m", "0", d.img).CombinedOutput(); err != nil {
		return fmt.Errorf("mkfs.ext4: %w %s", err, out)
	}
	return d.mount()
}

func (d *disk) mount() error {
	if out, err := exec.Command("mount", "-o", "loop", d.img, d.dir).CombinedOutput(); err != nil {
		return fmt.Errorf("mount: %w %s", err, out)
	}
	d.open = true
	return nil
}

// unmount waits for the last file of a killed process to be closed.
func (d *disk) unmount() {
	var err error
	for range 100 {
		if !d.open {
			return
		}
		if err = syscall.Unmount(d.dir, 0); err == nil {
			d.open = false
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	d.t.Errorf("unmount %s: %v", d.dir, err)
	d.open = syscall.Unmount(d.dir, syscall.MNT_DETACH) != nil
}

// goingDown is EXT4_IOC_SHUTDOWN with NOLOGFLUSH (2): from here on nothing is
// written, and the journal in memory is dropped.
func (d *disk) goingDown() error {
	f, err := os.Open(d.dir)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	flags := uint32(2)
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), 0x8004587d, uintptr(unsafe.Pointer(&flags))); errno != 0 {
		return fmt.Errorf("shut the file system down: %w", errno)
	}
	return nil
}

func (d *disk) shutdown() {
	d.t.Helper()
	if err := d.goingDown(); err != nil {
		d.t.Fatal(err)
	}
}

// remount is the machine coming up again: the journal is replayed.
func (d *disk) remount() {
	d.t.Helper()
	d.unmount()
	if err := d.mount(); err != nil {
		d.t.Fatal(err)
	}
}

// free is what is left of it.
func (d *disk) free() int64 {
	d.t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &s); err != nil {
		d.t.Fatal(err)
	}
	return int64(s.Bavail) * s.Bsize
}

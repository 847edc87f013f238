package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"stet/internal/serve"
)

type serveFlags struct {
	siteFlags
	addr       string
	open, poll bool
}

func serveCommand(s *system) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "show the site on this machine, drafts too, as it is being written",
		Long: "Makes an edition with drafts and coming stories in your cache folder and shows it at http://127.0.0.1:8080.\n" +
			"Whatever you save is made again and shown at once, in pages that are open too; what is wrong is told on the page\n" +
			"and here. The tab at the lower corner of each page tells of its story what the desk wants to know; /_stet/ lists\n" +
			"all that readers do not see yet. It never writes to public/. Ctrl-C ends it; o and the return key open the\n" +
			"story that was written last.",
		Example: examples("stet serve", "stet serve -C my-paper --open", "stet serve --addr 127.0.0.1:9000"),
		Args:    arguments(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	f.add(cmd)
	f.addCompile(cmd)
	cmd.Flags().MarkHidden("drafts") // they are always in the preview
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8080", "show it at this `HOST:PORT`; if the port is taken, at one of the next")
	cmd.Flags().BoolVar(&f.open, "open", false, "open it in the browser")
	cmd.Flags().BoolVar(&f.poll, "poll", false, "look for changes every half second, where the system does not tell of them")
	return cmd
}

func (f *serveFlags) run(ctx context.Context, s *system) error {
	_, cfg, err := f.options(s)
	if err != nil {
		return f.refused(s, err)
	}
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		return mistaken("write HOST:PORT, such as --addr 127.0.0.1:9000", "--addr: %q is no address", f.addr)
	}
	dir, forget, err := f.galley(s)
	if err != nil {
		return err
	}
	defer forget()
	ctx, end := context.WithCancel(ctx)
	defer end()
	g := newGalley(s, f, dir, cfg.BasePath(), host)
	ended := make(chan error, 1)
	ready := func(at net.Addr) {
		g.url = "http://" + reachable(at) + cfg.BasePath()
		go func() {
			defer end()
			ended <- g.run(ctx)
		}()
		go g.listen(ctx)
	}
	if err := serve.Listen(ctx, f.addr, g.preview, ready); err != nil {
		return err
	}
	return <-ended
}

// galley is the folder of the previewed edition: the same for each preview of the
// site, so that the next one finds it, but for those that run at the same time.
func (f *serveFlags) galley(s *system) (dir string, forget func(), err error) {
	if f.cache != "" {
		return ownFolder(filepath.Join(f.inside(f.cache), "galley"))
	}
	if base, err := os.UserCacheDir(); err == nil && !f.noCache {
		sum := sha256.Sum256([]byte(absolute(f.dir)))
		dir, forget, err := ownFolder(filepath.Join(base, "stet", fmt.Sprintf("%x", sum[:8]), "galley"))
		if err == nil {
			return dir, forget, nil
		}
	}
	// A name that others cannot foresee, because anybody may write there.
	all, err := os.MkdirTemp("", "stet-galley-")
	if err != nil {
		return "", nil, err
	}
	dir = filepath.Join(all, "galley")
	if !f.noCache {
		s.note("there is no cache folder for you to write to: the preview is made in %s and removed at the end (--cache DIR names one)", all)
		f.noCache = true // nothing can be kept, which is said now
	}
	return dir, func() { os.RemoveAll(all) }, os.Mkdir(dir, 0o700)
}

// ownFolder makes a folder of this name that no other preview has: of another one,
// with a number, if one has it. Two in one would undo each other's work, because
// pages have the address in them at which they are shown.
func ownFolder(name string) (dir string, forget func(), err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return "", nil, err
	}
	dir = name
	for n := 2; ; n++ {
		lock := flock.New(dir + ".lock")
		ok, err := lock.TryLock()
		if err != nil {
			return "", nil, err
		}
		if ok {
			return dir, func() { lock.Unlock() }, os.MkdirAll(dir, 0o700)
		}
		dir = fmt.Sprintf("%s-%d", name, n)
	}
}

// reachable is an address as a browser reaches it: on this machine, or on others
// of its network if they may.
func reachable(at net.Addr) string {
	tcp, ok := at.(*net.TCPAddr)
	if !ok {
		return at.String()
	}
	if tcp.IP.IsUnspecified() {
		return net.JoinHostPort(inNetwork(), fmt.Sprint(tcp.Port))
	}
	return tcp.String()
}

// inNetwork is this machine's address in its network, or the one it has for
// itself if it is in none.
func inNetwork() string {
	all, _ := net.InterfaceAddrs()
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return n.IP.String()
		}
	}
	return "127.0.0.1"
}

// hosts are the names the preview answers to. Whoever opens it to the whole
// network wants it to be reached under any.
func hosts(host string) []string {
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return []string{"*"}
	}
	return []string{host}
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/diag"
	"stet/internal/service"
)

// keyName is the name in the environment of what both the service and who pulls from
// it know.
const keyName = "STET_COMMENTS_KEY"

const shortestKey = 16

type commentsServeFlags struct {
	db, addr, paper, url, edition, data string
	origins, proxies                    []string
}

func commentsServeCommand(s *system) *cobra.Command {
	var f commentsServeFlags
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "take comments and ratings, and show the desk its queue",
		Long: "Answers the forms below the stories of the newspaper, and shows those who decide what waits at /desk/. Nothing\n" +
			"that readers send is public before somebody has let it through. It speaks HTTP: a server before it (nginx, Caddy)\n" +
			"speaks HTTPS with the world, and is named with --trusted-proxy. Which stories take comments it reads from the\n" +
			"newspaper's comments.json. Who is to pull from it knows the key in " + keyName + ". Ctrl-C ends it.",
		Example: examples("stet comments serve --db comments.db --paper https://news.example --url https://comments.example/ --trusted-proxy 127.0.0.1/32",
			"stet comments serve --db comments.db --paper http://127.0.0.1:8080 --edition public"),
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	addStore(cmd, &f.db)
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", "127.0.0.1:8090", "answer at this `HOST:PORT`")
	flags.StringVar(&f.paper, "paper", "", "the newspaper is at this `URL`, as its readers know it")
	flags.StringVar(&f.url, "url", "", "the service is at this `URL`, as readers know it; wherever it is asked if not given")
	flags.StringVar(&f.edition, "edition", "", "read comments.json in `DIR`, which is the edition, and do not ask the newspaper for it")
	flags.StringArrayVar(&f.origins, "origin", nil, "pages at this `URL` may send forms too; may be given several times")
	flags.StringArrayVar(&f.proxies, "trusted-proxy", nil, "believe what servers at these addresses, a `CIDR`, say of where readers are; may be given several times")
	flags.StringVar(&f.data, "data", "", "write what is let through into the files of the site in `DIR` on this machine: nobody need pull")
	return cmd
}

func (f *commentsServeFlags) run(ctx context.Context, s *system) error {
	o, err := f.options(s)
	if err != nil {
		return err
	}
	if o.Store, err = openStore(ctx, f.db); err != nil {
		return err
	}
	defer o.Store.Close()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", f.addr)
	if err != nil {
		return mistaken("end what listens there, or choose another port, such as --addr 127.0.0.1:8091", "nothing can be served at %s: %v", f.addr, unwrapped(err))
	}
	defer l.Close()
	sv, err := service.New(ctx, o)
	if err != nil {
		return secretless(err, f.db)
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	first, cancel := context.WithTimeout(ctx, 5*time.Second)
	if err := sv.Refresh(first); errors.Is(err, fs.ErrNotExist) { // without the newspaper it goes by what it knew, and asks again
		fmt.Fprintf(s.err, "there is no comments.json in %s, so no story takes comments yet: \"stet build\" makes it if site.yaml has comments.service\n", f.edition)
	}
	cancel()
	var beside sync.WaitGroup
	beside.Go(func() { sv.Run(ctx) })
	if f.data != "" {
		beside.Go(func() { keepSite(ctx, s, f.data, o.Store, f.db) })
	}
	defer beside.Wait()
	defer end()
	fmt.Fprintf(s.out, "comments for %s at %s, listening at %s\n", o.Paper, cmp.Or(o.URL, "http://"+reachable(l.Addr())+"/"), l.Addr())
	server := service.Server(sv)
	server.ErrorLog = log.New(io.Discard, "", 0) // it would tell addresses
	return service.Listen(ctx, l, server)
}

// options are what the flags say.
func (f *commentsServeFlags) options(s *system) (o service.Options, err error) {
	if f.db == "" {
		_, err = openStore(context.Background(), "")
		return o, err
	}
	if f.paper == "" {
		return o, mistaken("such as --paper https://news.example", "--paper is missing, which says where the newspaper is")
	}
	for i, value := range append([]string{f.paper, f.url}, f.origins...) {
		if flag := []string{"paper", "url", "origin"}[min(i, 2)]; !service.Address(value) && (value != "" || flag == "origin") {
			example := map[string]string{"url": "https://comments.example/"}[flag]
			return o, mistaken("write it such as --"+flag+" "+cmp.Or(example, "https://news.example"), "--%s: %q is no address of a site", flag, value)
		}
	}
	if _, _, err := net.SplitHostPort(f.addr); err != nil {
		return o, mistaken("write HOST:PORT, such as --addr 127.0.0.1:8090", "--addr: %q is no address", f.addr)
	}
	o = service.Options{Paper: f.paper, URL: f.url, Origins: f.origins, Key: s.env(keyName), Now: s.now, Log: s.logger()}
	for _, text := range f.proxies {
		p, err := netip.ParsePrefix(text)
		if addr, single := netip.ParseAddr(text); err != nil && single == nil {
			p, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return o, mistaken("write it such as --trusted-proxy 127.0.0.1/32", "--trusted-proxy: %q is no range of addresses", text)
		}
		o.Proxies = append(o.Proxies, p.Masked())
	}
	if o.Key != "" && len(o.Key) < shortestKey {
		return o, mistaken("make one with\nopenssl rand -hex 32", "%s is too short to be a secret: it needs %d characters", keyName, shortestKey)
	}
	if f.data != "" {
		if _, err := settings(f.data); err != nil {
			return o, inFlag(err, "--data")
		}
	}
	if f.edition != "" {
		if o.Edition, err = editionFolder(f.edition); err != nil {
			return o, err
		}
	}
	return o, nil
}

// inFlag is an error about the folder of a site that another flag than -C names.
func inFlag(err error, flag string) error {
	var p diag.Problem
	if errors.As(err, &p) {
		p.Hint = strings.Replace(p.Hint, "did you mean -C ", "did you mean "+flag+" ", 1)
		return p
	}
	return err
}

func editionFolder(dir string) (fs.FS, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, mistaken("it is the folder that \"stet build\" makes, such as --edition public", "--edition: there is no folder %s", dir)
	}
	return os.DirFS(dir), nil
}

// logger writes lines to stderr, each whole and with its time.
func (s *system) logger() func(string) {
	var mu sync.Mutex
	return func(line string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(s.err, "%s %s\n", s.now().UTC().Format("2006-01-02T15:04:05Z"), oneLine(strings.TrimSpace(line)))
	}
}

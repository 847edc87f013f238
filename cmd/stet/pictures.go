package main

import (
	"context"
	"strings"
	"sync"
	"time"

	"stet/internal/build"
	"stet/internal/images"
)

// pictures makes the renditions of the preview when a browser asks for them. It
// has a lock of its own, which nobody holds for long: whoever waits for a picture
// waits for no build, and no build waits for him.
type pictures struct {
	begun gate // the first build has
	ready gate // the site was read, or could not be

	mu    sync.Mutex // guards what follows
	o     build.Options
	last  *build.Renditions // of the edition that lies there, or is being put there
	right *build.Renditions // of the last one without an error, of which pages may stand
}

func newPictures() *pictures { return &pictures{begun: newGate(), ready: newGate()} }

// A gate is open at some time, and then stays so.
type gate struct {
	is   chan struct{}
	open func()
}

func newGate() gate {
	is := make(chan struct{})
	return gate{is, sync.OnceFunc(func() { close(is) })}
}

// wait waits until the gate is open, for as long as anybody waits.
func (g gate) wait(ctx context.Context) {
	select {
	case <-g.is:
	case <-ctx.Done():
	}
}

// begin is told of a build.
func (p *pictures) begin(o build.Options) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.o = o
	p.begun.open()
}

// ordered is told who makes the pictures of an edition that is about to be put
// in place.
func (p *pictures) ordered(r *build.Renditions) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = r
	p.ready.open()
}

// end is told whether the edition of a build is right: then nothing of the one
// before is left.
func (p *pictures) end(o build.Options, right bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o.Desk {
		p.ready.open()
	}
	if right {
		p.right = p.last
	}
}

// longestWait is how long a browser waits for the site to be read, before it is
// told that there is no such picture.
const longestWait = 30 * time.Second

// make makes a file of the edition, nil if it is no picture that pages have.
func (p *pictures) make(ctx context.Context, name string) []byte {
	if !strings.HasPrefix(name, images.Folder) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	p.begun.wait(ctx)
	o, last, right := p.now()
	if last == nil { // an edition of another day is shown, and the site was not read yet
		if data := build.Kept(o, name); data != nil {
			return data
		}
		p.ready.wait(ctx)
		_, last, right = p.now()
	}
	if data := last.Make(name); data != nil || last == right {
		return data
	}
	return right.Make(name)
}

func (p *pictures) now() (o build.Options, last, right *build.Renditions) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.o, p.last, p.right
}

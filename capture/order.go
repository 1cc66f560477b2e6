package capture

import (
	"io"
	"runtime"

	"strata/layers/walk"
	"strata/trace"
)

// stretch is a run of frames that one worker makes text of.
type stretch struct {
	text []byte
	err  error
	last bool // the file ends in it
}

const perStretch = 256

// inOrder writes what make appends for each frame, in the frames' order, as
// they are indexed. All cores make it, some stretches ahead of what is written.
func (f *File) inOrder(w io.Writer, watch func(trace.Progress), each func(dst []byte, n int, s *walk.Shape) ([]byte, error)) error {
	workers := runtime.GOMAXPROCS(0)
	queue := make(chan chan stretch, 2*workers)
	work := make(chan func(*walk.Shape), workers)
	quit := make(chan struct{})
	defer close(quit)
	for range workers {
		go func() {
			var s walk.Shape
			for job := range work {
				job(&s)
			}
		}()
	}
	go func() {
		defer close(work)
		for from := 0; ; from += perStretch {
			result := make(chan stretch, 1)
			select {
			case queue <- result:
			case <-quit:
				return
			}
			last := !f.Wait(from + perStretch - 1)
			work <- func(s *walk.Shape) { result <- f.stretch(from, s, each) }
			if last {
				return
			}
		}
	}()
	for {
		b := <-<-queue
		if _, err := w.Write(b.text); err != nil {
			return err
		}
		if b.err != nil || b.last {
			return b.err
		}
		watch(f.Progress())
	}
}

func (f *File) stretch(from int, s *walk.Shape, each func(dst []byte, n int, s *walk.Shape) ([]byte, error)) (b stretch) {
	for n := from; n < from+perStretch && b.err == nil; n++ {
		if !f.Wait(n) {
			b.last = true
			break
		}
		b.text, b.err = each(b.text, n, s)
	}
	return b
}

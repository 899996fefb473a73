// Command decode is the decoder of FlowEHR's Terraform provider: the SDK's, around it what the provider does.
//
// It reads lists of activities, one a line, and answers each with a line: "O" and the activities as they would be sent,
// or "E" and the text of the error. Texts of errors depend on the version of Go; the provider is built with 1.19.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/Azure/azure-sdk-for-go/services/datafactory/mgmt/2018-06-01/datafactory"
)

// try decodes one list as the provider does, which wraps it into a pipeline.
func try(line []byte) (out []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	var p datafactory.Pipeline
	text := append(append([]byte(`{ "activities": `), line...), []byte(` }`)...)
	if err = p.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	return json.Marshal(p.Activities)
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			out, e := try(line[:len(line)-1])
			if e != nil {
				m, _ := json.Marshal(e.Error())
				fmt.Fprintf(w, "E %s\n", m)
			} else {
				fmt.Fprintf(w, "O %s\n", out)
			}
		}
		if err != nil {
			return
		}
	}
}

// Writes examples of a package, which are YAML programs, in Pulumi's other languages, by Pulumi's own generators.
//
//	convert-examples <schema.json> <folder of .yaml files> <directory>
//
// The YAML language host is a tool of this module too: see go.mod.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/blang/semver"
	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi-yaml/pkg/pulumiyaml"
	"github.com/pulumi/pulumi-yaml/pkg/pulumiyaml/codegen"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

type generator func(*pcl.Program) (map[string][]byte, hcl.Diagnostics, error)

var generators = map[string]generator{
	"nodejs": nodejs.GenerateProgram,
	"python": python.GenerateProgram,
	"go":     golang.GenerateProgram,
}

func main() {
	if err := convertAll(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func convertAll(schemaPath, folder, directory string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		for language, generate := range generators {
			// Python's generator changes names in the package in place: each gets a package of its own.
			pkg, err := bind(schemaPath)
			if err != nil {
				return err
			}
			name := strings.TrimSuffix(filepath.Base(path), ".yaml")
			if err := convert(pkg, path, generate, filepath.Join(directory, name, language)); err != nil {
				return fmt.Errorf("%s to %s: %w", path, language, err)
			}
		}
	}
	return nil
}

func bind(schemaPath string) (*schema.Package, error) {
	text, err := os.ReadFile(schemaPath)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	languages := map[string]schema.Language{"nodejs": nodejs.Importer, "python": python.Importer, "go": golang.Importer}
	return schema.ImportSpec(spec, languages, schema.ValidationOptions{})
}

func convert(pkg *schema.Package, path string, generate generator, directory string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	template, problems, err := pulumiyaml.LoadYAMLBytes(filepath.Base(path), text)
	if err != nil {
		return err
	}
	if problems.HasErrors() {
		return problems
	}
	program, diagnostics, err := codegen.EjectProgram(template, &loader{pkg})
	if err != nil {
		return err
	}
	if len(diagnostics) > 0 {
		return diagnostics
	}
	files, diagnostics, err := generate(program)
	if err != nil {
		return err
	}
	if len(diagnostics) > 0 {
		return diagnostics
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		// Go's generator imports fmt for what it then writes with pulumi.Sprintf.
		if strings.HasSuffix(name, ".go") && !bytes.Contains(content, []byte("fmt.")) {
			content = bytes.Replace(content, []byte("\t\"fmt\"\n\n"), nil, 1)
		}
		if err := os.WriteFile(filepath.Join(directory, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// loader knows one package.
type loader struct{ pkg *schema.Package }

func (l *loader) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	if name == "pulumi" {
		return schema.DefaultPulumiPackage, nil
	}
	if name != l.pkg.Name {
		return nil, fmt.Errorf("there is no package %q here", name)
	}
	return l.pkg, nil
}

func (l *loader) LoadPackageV2(_ context.Context, d *schema.PackageDescriptor) (*schema.Package, error) {
	return l.LoadPackage(d.PackageName(), nil)
}

func (l *loader) LoadPackageReference(name string, _ *semver.Version) (schema.PackageReference, error) {
	pkg, err := l.LoadPackage(name, nil)
	if err != nil {
		return nil, err
	}
	return pkg.Reference(), nil
}

func (l *loader) LoadPackageReferenceV2(
	_ context.Context, d *schema.PackageDescriptor,
) (schema.PackageReference, error) {
	return l.LoadPackageReference(d.PackageName(), nil)
}

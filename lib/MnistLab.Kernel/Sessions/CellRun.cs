using System.Diagnostics;
using System.Globalization;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Interactive;
using MnistLab.Kernel.Packages;
using MnistLab.Kernel.Scripting;

namespace MnistLab.Kernel.Sessions;

/// <summary>Runs the parts of a cell.</summary>
internal sealed class CellRun(
    ScriptChain chain, CompositeKernel root, ExtensionLoader extensions, ChartLibrary charts, string folder, CellScope scope)
{
    private const int MaxImportDepth = 16;
    private readonly RegisteredDirectives _directives = new(root);

    public async Task<CellResult> RunAsync(string code)
    {
        var cancellationToken = scope.CancellationToken;
        CellScope.Current = scope;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var source = CellSource.Parse(code);
            TellOfChangedLibraries();
            var (value, error) = await RunAsync(source, scope.FileIn(folder), 0, cancellationToken);
            if (source.IsTimed)
                Show(MimeBundle.From("text/plain", string.Create(
                    CultureInfo.InvariantCulture,
                    $"Wall time: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F1} ms")));
            return new(scope.Number, value, error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(scope.Number, null, CellErrors.Interrupted());
        }
        catch (Exception error) when (error is CellDirectiveException or PackageException)
        {
            return new(scope.Number, null, CompilationErrors.From(error));
        }
        // An exception of the cell or of a user's formatter ends the cell, not the session.
        catch (Exception error)
        {
            return new(scope.Number, null, CellErrors.Exception(error));
        }
    }

    // Runs the parts of a source. "from" is the file that contains the source; for a cell, its virtual file name. If
    // several parts have a value, the last one is the value of the cell, and the others are displayed.
    private async Task<(MimeBundle? Value, CellError? Error)> RunAsync(
        CellSource source, string from, int depth, CancellationToken cancellationToken)
    {
        await AddPackagesAsync(source, from, cancellationToken);
        MimeBundle? value = null;
        foreach (var part in _directives.Resolve(source.Parts))
        {
            if (value is not null) Show(value);
            value = null;
            if (part.Kind == CellPartKind.CSharp)
            {
                await LoadExtensionsNamedByAsync(part.Text, from, cancellationToken);
                var result = await RunCSharpAsync(part.Text, from);
                if (result.Error is not null) return (null, result.Error);
                value = result.Shown;
            }
            else if (part.Kind == CellPartKind.Import)
            {
                if (await ImportAsync(await FileOfAsync(part), from, depth + 1, cancellationToken) is { } error) return (null, error);
            }
            else if (part.Kind == CellPartKind.Command)
            {
                await _directives.RunAsync(part, cancellationToken);
            }
            else
            {
                Show(await chain.RunAsync(scope, () => PartDisplay.Format(part, chain, _directives)));
            }
        }

        return (value, null);
    }

    private void TellOfChangedLibraries()
    {
        var changed = chain.References.TakeChangedLibraries();
        if (changed.Count > 0)
            scope.Sink.Write(
                StreamName.Stderr,
                $"Rebuilt since this notebook loaded it: {string.Join(", ", changed)}. Restart the kernel to use the new version.\n");
    }

    // The command is not canceled with the cell, because it would then complete while the code may still be running.
    private async Task<ScriptResult> RunCSharpAsync(string code, string from)
    {
        static MimeBundle? Format(object? value) => value is DisplayedValue ? null : MimeBundleFormatter.Format(value);
        var command = new RunCell(() => chain.RunAsync(code, from, scope, Format), scope.CancellationToken);
        return await command.CompletionAfter(await root.SendAsync(command, CancellationToken.None));
    }

    private async Task AddPackagesAsync(CellSource source, string from, CancellationToken cancellationToken)
    {
        CellSource[] all = [source, .. source.Parts
            .Where(part => part.Kind == CellPartKind.CSharp)
            .SelectMany(part => chain.References.LoadedBy(part.Text, from))];
        PackageDirective[] packages = [.. all.SelectMany(cell => cell.Packages)];
        FeedDirective[] feeds = [.. all.SelectMany(cell => cell.Feeds)];
        if (packages.Length + feeds.Length == 0) return;

        var shown = Guid.NewGuid().ToString();
        if (packages.Length > 0) scope.Sink.Display(PackageDisplay.Installing(packages), shown);
        var (found, conflicts) = await chain.References.AddPackagesAsync(packages, feeds, cancellationToken);
        foreach (var conflict in conflicts) scope.Sink.Write(StreamName.Stderr, conflict + "\n");
        await extensions.LoadPackagesAsync(
            chain.References.PackageFolders,
            Report,
            script => ImportExtensionAsync(script, cancellationToken),
            cancellationToken);
        if (found.Count > 0) scope.Sink.UpdateDisplay(PackageDisplay.Installed(found), shown);
        if (charts.For(found.Select(package => package.Name), chain.References.PackageFolders) is { } library) Show(library);
        // Makes the packages available to the editor, even if no code uses them yet.
        if (source.Parts.All(part => part.Kind != CellPartKind.CSharp)) await RunCSharpAsync("", from);
    }

    private async Task LoadExtensionsNamedByAsync(string code, string from, CancellationToken cancellationToken)
    {
        var libraries = chain.References.LibrariesNamedBy(code, from);
        if (libraries.Count == 0) return;

        await extensions.LoadLibrariesAsync(
            libraries, Report, script => ImportExtensionAsync(script, cancellationToken), cancellationToken);
        if (charts.For(libraries.Select(file => Path.GetFileNameWithoutExtension(file)), []) is { } library) Show(library);
    }

    private void Report(string line) => scope.Sink.Write(StreamName.Stderr, line + "\n");

    // An error in an extension must not prevent the notebook from using its package.
    private async Task<string?> ImportExtensionAsync(string script, CancellationToken cancellationToken)
    {
        try
        {
            return await ImportAsync(script, scope.FileIn(folder), 1, cancellationToken) is { } error
                ? string.Join('\n', error.Traceback)
                : null;
        }
        catch (Exception error) when (error is CellDirectiveException or PackageException or NotebookFormatException or IOException)
        {
            return error.Message;
        }
    }

    private async Task<string> FileOfAsync(CellPart import)
    {
        if (InputParameter.Find(import.Text) is not { } question) return import.Text;
        if (scope.Input is not { } input)
            throw new CellDirectiveException(import.Line, $"#!import: {ConsoleCapture.NobodyAnswers(question.Prompt).Message}");
        var file = await input.ReadLineAsync(question.Prompt, question.IsPassword, scope.CancellationToken);
        return file.Trim().Trim('"');
    }

    private async Task<CellError?> ImportAsync(string file, string from, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxImportDepth)
            throw new InvalidOperationException(
                $"#!import {file}: too many nested imports. Remove the cycle if the files import each other.");

        // Relative to the importing file or, if it does not exist there, to the folder of the notebook.
        var besideIt = Path.GetFullPath(file, Path.GetDirectoryName(from)!);
        var path = File.Exists(besideIt) ? besideIt : Path.GetFullPath(file, folder);
        foreach (var (place, code) in await ReadAsync(path, cancellationToken))
        {
            try
            {
                var (value, error) = await RunAsync(CellSource.Parse(code), place, depth, cancellationToken);
                if (error is not null) return error;
                if (value is not null) Show(value);
            }
            catch (CellDirectiveException error)
            {
                throw error.In(place);
            }
        }

        return null;
    }

    private static async Task<IReadOnlyList<(string Place, string Code)>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (Path.GetExtension(path) is ".cs" or ".csx") return [(path, await File.ReadAllTextAsync(path, cancellationToken))];

        var notebook = NotebookDocument.Read(path);
        notebook.RequireCSharp();
        return
        [
            .. notebook.CellsToRun().Select((cell, index) =>
                (string.Create(CultureInfo.InvariantCulture, $"{path}, cell {index + 1}"), notebook.CodeOf(cell))),
        ];
    }

    private void Show(MimeBundle data) => scope.Sink.Display(data, Guid.NewGuid().ToString());
}

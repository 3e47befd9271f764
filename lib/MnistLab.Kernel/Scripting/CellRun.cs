using System.Diagnostics;
using System.Globalization;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel;

/// <summary>One cell being run, part by part.</summary>
internal sealed class CellRun(ScriptChain chain, CompositeKernel root, ExtensionLoader extensions, string folder, CellScope scope)
{
    private const int DeepestImport = 16;

    public async Task<CellResult> RunAsync(string code, CancellationToken cancellationToken)
    {
        CellScope.Current = scope;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var source = CellSource.Parse(code);
            TellOfChangedLibraries();
            var (value, error) = await RunAsync(source, 0, cancellationToken);
            if (source.IsTimed) Show(MimeBundle.Of("text/plain", string.Create(CultureInfo.InvariantCulture, $"Wall time: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F1} ms")));
            return new(scope.Number, value, error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(scope.Number, null, CellErrors.Interrupted());
        }
        catch (Exception error) when (error is CellDirectiveException or PackageException)
        {
            return new(scope.Number, null, CellErrors.Directive(error));
        }
        // Whatever the user's cell or a formatter of theirs throws ends the cell, not the session.
        catch (Exception error)
        {
            return new(scope.Number, null, CellErrors.Exception(error));
        }
    }

    // Of several values the last is the cell's; the others are shown where they are.
    private async Task<(MimeBundle? Value, CellError? Error)> RunAsync(CellSource source, int depth, CancellationToken cancellationToken)
    {
        if (source.Packages.Count + source.Feeds.Count > 0) await AddPackagesAsync(source, cancellationToken);
        MimeBundle? value = null;
        foreach (var part in source.Parts)
        {
            if (value is not null) Show(value);
            value = null;
            if (part.Kind == CellPartKind.CSharp)
            {
                var result = await RunCSharpAsync(part.Text, cancellationToken);
                if (result.Error is not null) return (null, result.Error);
                if (result.HasValue && result.Value is not DisplayedValue) value = Forms.Of(result.Value);
            }
            else if (part.Kind == CellPartKind.Import)
            {
                if (await ImportAsync(part.Text, depth + 1, cancellationToken) is { } error) return (null, error);
            }
            else
            {
                Show(PartDisplay.Of(part, chain));
            }
        }

        return (value, null);
    }

    private void TellOfChangedLibraries()
    {
        var changed = chain.TakeChangedLibraries();
        if (changed.Count > 0) scope.Sink.Write(StreamName.Stderr, $"Built anew since this notebook loaded it: {string.Join(", ", changed)}. Restart the kernel to use the new version.\n");
    }

    // The command is not canceled with the cell: it would count as done, and the code may still run.
    private async Task<ScriptResult> RunCSharpAsync(string code, CancellationToken cancellationToken)
    {
        var command = new RunCell(code, () => chain.RunAsync(code, scope.Number, () => CellScope.Current = scope, cancellationToken), cancellationToken);
        return await command.CompletionAfter(await root.SendAsync(command, CancellationToken.None));
    }

    private async Task AddPackagesAsync(CellSource source, CancellationToken cancellationToken)
    {
        var shown = Guid.NewGuid().ToString();
        if (source.Packages.Count > 0) scope.Sink.Display(PackageDisplay.Installing(source.Packages), shown);
        var found = await chain.AddPackagesAsync(source.Packages, source.Feeds, cancellationToken);
        await extensions.LoadAsync(chain.PackageFolders, line => scope.Sink.Write(StreamName.Stderr, line + "\n"), script => ImportAsync(script, 1, cancellationToken));
        if (found.Count > 0) scope.Sink.UpdateDisplay(PackageDisplay.Installed(found), shown);
        // The packages are there for what is written next, even if nothing of them is used yet.
        if (source.Parts.All(part => part.Kind != CellPartKind.CSharp)) await RunCSharpAsync("", cancellationToken);
    }

    private async Task<CellError?> ImportAsync(string file, int depth, CancellationToken cancellationToken)
    {
        if (depth > DeepestImport) throw new InvalidOperationException($"#!import {file}: the files import each other without end.");

        var path = Path.GetFullPath(file, folder);
        string[] cells = Path.GetExtension(path) is ".cs" or ".csx"
            ? [await File.ReadAllTextAsync(path, cancellationToken)]
            : [.. NotebookDocument.Read(path).CellsToRun().Select(cell => cell.Source)];
        foreach (var cell in cells)
        {
            var (value, error) = await RunAsync(CellSource.Parse(cell), depth, cancellationToken);
            if (error is not null) return error;
            if (value is not null) Show(value);
        }

        return null;
    }

    private void Show(MimeBundle data) => scope.Sink.Display(data, Guid.NewGuid().ToString());
}

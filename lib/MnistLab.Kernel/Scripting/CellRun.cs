using System.Diagnostics;
using System.Globalization;
using Microsoft.DotNet.Interactive;

namespace MnistLab.Kernel;

/// <summary>One cell being run, part by part.</summary>
internal sealed class CellRun(ScriptChain chain, string folder, IOutputSink sink, IInputSource? input, int number)
{
    private const int DeepestImport = 16;

    public async Task<CellResult> RunAsync(string code, CancellationToken cancellationToken)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            var source = CellSource.Parse(code);
            TellOfChangedLibraries();
            var (value, error) = await RunAsync(source, 0, cancellationToken);
            if (source.IsTimed) Show(MimeBundle.Of("text/plain", string.Create(CultureInfo.InvariantCulture, $"Wall time: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F1} ms")));
            return new(number, value, error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(number, null, CellErrors.Interrupted());
        }
        catch (Exception error) when (error is CellDirectiveException or PackageException)
        {
            return new(number, null, CellErrors.Directive(error));
        }
        // Whatever the user's cell or a formatter of theirs throws ends the cell, not the session.
        catch (Exception error)
        {
            return new(number, null, CellErrors.Exception(error));
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
        if (changed.Count > 0) sink.Write(StreamName.Stderr, $"Built anew since this notebook loaded it: {string.Join(", ", changed)}. Restart the kernel to use the new version.\n");
    }

    private Task<ScriptResult> RunCSharpAsync(string code, CancellationToken cancellationToken) =>
        chain.RunAsync(code, number, () => KernelInvocationContext.Begin(sink, input, cancellationToken), cancellationToken);

    private async Task AddPackagesAsync(CellSource source, CancellationToken cancellationToken)
    {
        var shown = Guid.NewGuid().ToString();
        if (source.Packages.Count > 0) sink.Display(PackageDisplay.Installing(source.Packages), shown);
        var found = await chain.AddPackagesAsync(source.Packages, source.Feeds, cancellationToken);
        if (found.Count > 0) sink.UpdateDisplay(PackageDisplay.Installed(found), shown);
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

    private void Show(MimeBundle data) => sink.Display(data, Guid.NewGuid().ToString());
}

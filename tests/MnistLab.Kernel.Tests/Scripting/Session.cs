using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Editing;
using MnistLab.Kernel.Running;
using MnistLab.Kernel.Sessions;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

/// <summary>Represents a session in a separate folder, with the outputs of its cells.</summary>
internal sealed class Session : IDisposable
{
    private readonly OutputCollector _outputs = new();
    private readonly ScriptSession _session;

    public Session() => _session = new(Folder.Path, _outputs);

    public TemporaryFolder Folder { get; } = new();

    public Microsoft.DotNet.Interactive.CompositeKernel Root => _session.Root;

    /// <summary>Gets all outputs so far, except the values of cells.</summary>
    public IReadOnlyList<NotebookOutput> Outputs => _outputs.Snapshot();

    /// <summary>Runs a cell, and returns its result even if it fails.</summary>
    public Task<CellResult> TryAsync(string code, CancellationToken? cancellationToken = null) =>
        _session.RunAsync(code, cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>Runs a cell, which must succeed, and returns its value as text, or null.</summary>
    public async Task<string?> RunAsync(string code)
    {
        var result = await TryAsync(code);
        Assert.True(result.Succeeded, result.Error is null ? "" : string.Join('\n', result.Error.Traceback));
        return result.Value is { } value && value.TryGetText("text/plain", out var text) ? text : null;
    }

    public Task<Completions> CompleteAsync(string code, int position) =>
        _session.CompleteAsync(code, position, TestContext.Current.CancellationToken);

    public Task<CellDescription?> DescribeAsync(string code, int position) =>
        _session.DescribeAsync(code, position, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _session.Dispose();
        Folder.Dispose();
    }
}

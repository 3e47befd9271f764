using MnistLab.Kernel;
using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// An open notebook, which lives in this process and not in a page: its text, its outputs, and its kernel stay when the
/// page is reloaded or its connection is lost. All pages that show it see the same.
/// </summary>
internal sealed partial class NotebookSession : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly NotebookFile _file;
    private readonly TrustStore _trust;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly List<CellState> _cells = [];
    private readonly HashSet<object> _pages = [];
    private NotebookDocument _document;

    /// <summary>Opens a notebook.</summary>
    /// <param name="path">Its path in the workspace.</param>
    /// <param name="file">Its file.</param>
    /// <param name="specifications">The kernels that there are; the first is used if the notebook asks for none of them.</param>
    /// <param name="trust">Knows the notebooks whose outputs may run scripts.</param>
    /// <param name="time">The clock.</param>
    public NotebookSession(
        string path, NotebookFile file, IReadOnlyList<KernelSpecification> specifications, TrustStore trust, TimeProvider time)
    {
        (Path, _file, _trust, _time, Specifications) = (path, file, trust, time, specifications);
        (_document, IsDirty, IsOutdated, var isTrustedCopy) = file.Read();
        IsTrusted = isTrustedCopy || trust.Contains(file.Hash);
        // What was not saved here is what the author, or a new version of the course, has written.
        if (!trust.Contains(file.Hash) && !IsDirty) file.KeepOriginal();
        _cells.AddRange(_document.Cells.Select(cell => new CellState(cell)));
        _kernel = CreateKernel(specifications.FirstOrDefault(kernel => kernel.Name == _document.KernelName) ?? specifications[0]);
        _timer = time.CreateTimer(_ => Tick(), null, Interval, Interval);
    }

    /// <summary>Occurs when cells came or went, or something about the notebook as a whole has changed.</summary>
    public event Action? Changed;

    /// <summary>Gets the lock that guards the cells and their outputs.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Gets the notebook's path in the workspace.</summary>
    public string Path { get; }

    /// <summary>Gets the kernels that there are.</summary>
    public IReadOnlyList<KernelSpecification> Specifications { get; }

    /// <summary>Gets the cells, from top to bottom.</summary>
    public IReadOnlyList<CellState> Cells
    {
        get
        {
            lock (Gate) return [.. _cells];
        }
    }

    /// <summary>Gets whether there are changes that are not saved.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Gets whether the file has been changed by others while there are unsaved changes here.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>Gets how often the notebook was read.</summary>
    public int Generation { get; private set; }

    /// <summary>Gets whether outputs that were in the file may run scripts.</summary>
    public bool IsTrusted { get; private set; }

    /// <summary>Gets what went wrong last; null if nothing did.</summary>
    public string? Problem { get; private set; }

    /// <summary>Gets what happened last that is worth knowing; null if nothing did.</summary>
    public string? News { get; private set; }

    /// <summary>Gets the number of pages that show the notebook.</summary>
    public int PageCount
    {
        get
        {
            lock (Gate) return _pages.Count;
        }
    }

    /// <summary>Gets whether there are outputs that may not run their scripts.</summary>
    public bool HasDistrustedOutputs
    {
        get
        {
            if (IsTrusted) return false;
            lock (Gate) return _cells.Any(cell => cell.Outputs.Any(output => output is { IsOwn: false, MayHaveScripts: true }));
        }
    }

    /// <summary>Gets the hashes of the libraries that outputs load, in the order of the cells.</summary>
    public IReadOnlyList<string> Libraries
    {
        get
        {
            lock (Gate) return [.. LargeOutputs.SelectMany(html => html.Libraries.Keys).Distinct()];
        }
    }

    private IEnumerable<OutputHtml> LargeOutputs =>
        _cells.SelectMany(cell => cell.Outputs).Select(output => output.Parts).OfType<OutputHtml>();

    /// <summary>Returns the text of a library; null if no output brings it.</summary>
    public string? FindLibrary(string hash)
    {
        lock (Gate) return LargeOutputs.Select(html => html.Libraries.GetValueOrDefault(hash)).FirstOrDefault(text => text is not null);
    }

    /// <summary>Returns an output; null if it is gone.</summary>
    public OutputState? FindOutput(long id)
    {
        lock (Gate)
        {
            return _cells
                .SelectMany(cell => cell.Outputs.Concat(cell.Earlier.SelectMany(earlier => earlier.Outputs)))
                .FirstOrDefault(output => output.Id == id);
        }
    }

    /// <summary>Counts a page that shows the notebook.</summary>
    public void Attach(object page)
    {
        lock (Gate) _pages.Add(page);
        Changed?.Invoke();
    }

    /// <summary>Counts a page no longer.</summary>
    public void Detach(object page)
    {
        lock (Gate) _pages.Remove(page);
        Changed?.Invoke();
    }

    /// <summary>Lets outputs that were in the file run their scripts.</summary>
    public void Trust()
    {
        IsTrusted = true;
        _trust.Add(_file.Hash);
        Changed?.Invoke();
        NotifyCells();
    }

    /// <summary>Forgets what went wrong, and what happened.</summary>
    public void Dismiss()
    {
        (Problem, News) = (null, null);
        Changed?.Invoke();
    }

    /// <summary>Returns whether the last run of a cell has failed.</summary>
    public bool HasFailed(CellState cell)
    {
        lock (Gate) return cell.Outputs.Exists(output => output.Output is ErrorOutput);
    }

    /// <summary>Returns the plain text of a cell's displays and results.</summary>
    public string TextOf(CellState cell)
    {
        lock (Gate) return string.Join('\n', cell.Outputs.Select(output => output.PlainText));
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _kernel.DisposeAsync();
        Autosave(DateTimeOffset.MaxValue);
    }

    private void NotifyCells()
    {
        foreach (var cell in Cells) cell.Notify();
    }
}

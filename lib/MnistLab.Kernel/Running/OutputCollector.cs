using System.Text;

namespace MnistLab.Kernel;

/// <summary>Keeps the outputs of the cells of a run, each cell's in its order; neighbouring pieces of a stream become one.</summary>
internal sealed class OutputCollector : IOutputSink
{
    private readonly Lock _lock = new();
    private readonly List<List<NotebookOutput>> _cells = [[]];
    private readonly StringBuilder _text = new();
    private StreamName _stream;
    private bool _clearBeforeNext;

    private List<NotebookOutput> Current => _cells[^1];

    /// <summary>Begins the next cell: what comes from now on is its output, even if code of an earlier cell makes it.</summary>
    public void BeginCell()
    {
        lock (_lock)
        {
            EndStream();
            _clearBeforeNext = false;
            _cells.Add([]);
        }
    }

    /// <summary>The outputs of each cell so far, those before the first cell being the first.</summary>
    public IReadOnlyList<IReadOnlyList<NotebookOutput>> Snapshot()
    {
        lock (_lock)
        {
            EndStream();
            return [.. _cells.Select(cell => cell.ToArray())];
        }
    }

    /// <summary>Something that is neither text nor shown by the cell itself: its result, its failure.</summary>
    public void Add(NotebookOutput output)
    {
        lock (_lock)
        {
            ClearIfAsked();
            EndStream();
            Current.Add(output);
        }
    }

    public void Write(StreamName stream, string text)
    {
        lock (_lock)
        {
            ClearIfAsked();
            if (_stream != stream) EndStream();
            _stream = stream;
            _text.Append(text);
        }
    }

    public void Display(MimeBundle data, string displayId) => Add(new DisplayOutput(data, displayId));

    public void UpdateDisplay(MimeBundle data, string displayId)
    {
        lock (_lock)
        {
            foreach (var outputs in _cells)
            {
                for (var i = 0; i < outputs.Count; i++)
                {
                    if (outputs[i] is DisplayOutput shown && shown.DisplayId == displayId) outputs[i] = shown with { Data = data };
                }
            }
        }
    }

    public void ClearOutput(bool wait)
    {
        lock (_lock)
        {
            _clearBeforeNext = true;
            if (!wait) ClearIfAsked();
        }
    }

    private void ClearIfAsked()
    {
        if (!_clearBeforeNext) return;
        _clearBeforeNext = false;
        _text.Clear();
        Current.Clear();
    }

    private void EndStream()
    {
        if (_text.Length == 0) return;
        Current.Add(new StreamOutput(_stream, _text.ToString()));
        _text.Clear();
    }
}

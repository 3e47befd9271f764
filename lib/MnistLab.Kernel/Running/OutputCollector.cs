using System.Text;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>Collects the outputs of a cell in order. Adjacent pieces of text of the same stream are merged.</summary>
internal sealed class OutputCollector : ICellSink
{
    private readonly Lock _lock = new();
    private readonly List<NotebookOutput> _outputs = [];
    private readonly StringBuilder _text = new();
    private StreamName _stream;
    private bool _clearBeforeNext;

    /// <summary>Returns the outputs so far.</summary>
    public IReadOnlyList<NotebookOutput> Snapshot()
    {
        lock (_lock)
        {
            EndStream();
            return [.. _outputs];
        }
    }

    public void Add(NotebookOutput output)
    {
        lock (_lock)
        {
            ClearIfAsked();
            EndStream();
            _outputs.Add(output);
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
            for (var i = 0; i < _outputs.Count; i++)
            {
                if (_outputs[i] is DisplayOutput shown && shown.DisplayId == displayId)
                    _outputs[i] = shown with { Data = data };
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
        _outputs.Clear();
    }

    private void EndStream()
    {
        if (_text.Length == 0) return;
        _outputs.Add(new StreamOutput(_stream, _text.ToString()));
        _text.Clear();
    }
}

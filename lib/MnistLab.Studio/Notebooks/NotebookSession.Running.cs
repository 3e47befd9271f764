using System.Text.Json.Nodes;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Installation;
using MnistLab.Kernel.Jupyter;
using MnistLab.Studio.Kernels;
using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Notebooks;

/// <content>Manages the kernel, and runs the cells.</content>
internal sealed partial class NotebookSession
{
    private readonly Dictionary<string, CellRun> _runs = [];
    private NotebookKernel _kernel;

    /// <summary>Gets the state of the kernel.</summary>
    public KernelState KernelState { get; private set; }

    /// <summary>Gets the kernel specification.</summary>
    public KernelSpecification Specification => _kernel.Specification;

    /// <summary>Gets the kernel, for requests of the editor.</summary>
    public NotebookKernel Kernel => _kernel;

    /// <summary>Starts the kernel if it is not running.</summary>
    /// <returns>Whether the kernel is running; if not, <see cref="Problem"/> says why.</returns>
    public async Task<bool> StartKernelAsync()
    {
        if (_kernel.IsRunning) return true;
        SetKernelState(KernelState.Starting);
        try
        {
            await _kernel.StartAsync(CancellationToken.None);
            Problem = null;
            UpdateKernelState();
            return true;
        }
        catch (StudioException error)
        {
            Problem = error.Message;
            SetKernelState(KernelState.Dead);
            return false;
        }
    }

    /// <summary>Runs cells in sequence. If a cell fails, the remaining ones do not run.</summary>
    /// <returns>A task that completes when the last cell has ended.</returns>
    public async Task RunAsync(IReadOnlyList<CellState> cells)
    {
        CellState[] code = [.. cells.Where(cell => cell.IsCode && cell.State == RunState.Idle)];
        foreach (var cell in code) cell.State = RunState.Queued;
        // A kernel that is ready begins before the pages show the state.
        if (!_kernel.IsRunning)
        {
            foreach (var cell in code) cell.Notify();
            UpdateKernelState();
            if (!await StartKernelAsync())
            {
                EndRuns(code);
                return;
            }
        }

        var runs = new List<CellRun>();
        lock (Gate)
        {
            foreach (var cell in code)
            {
                var run = new CellRun(cell);
                if (cell.Request is { } earlier) _runs.Remove(earlier);
                var source = _document.CodeOf(cell.Cell);
                if (string.IsNullOrWhiteSpace(source))
                {
                    cell.State = RunState.Idle;
                    Clear(cell);
                    continue;
                }

                cell.Request = _kernel.Execute(source);
                cell.RunSource = cell.Cell.Source;
                _runs[cell.Request] = run;
                runs.Add(run);
            }
        }

        foreach (var cell in code) cell.Notify();
        UpdateKernelState();
        await Task.WhenAll(runs.Select(run => run.Ended));
    }

    /// <summary>Interrupts the running cell; queued cells do not run.</summary>
    public void Interrupt() => _kernel.Interrupt();

    /// <summary>Restarts the kernel: all variables are lost, the notebook stays unchanged.</summary>
    public async Task<bool> RestartAsync()
    {
        await _kernel.StopAsync();
        EndRuns(Cells);
        foreach (var cell in Cells) cell.RunSource = null;
        SetKernelState(KernelState.Stopped);
        return await StartKernelAsync();
    }

    /// <summary>Ends the kernel.</summary>
    public async Task StopAsync()
    {
        await _kernel.StopAsync();
        EndRuns(Cells);
        SetKernelState(KernelState.Stopped);
    }

    /// <summary>Switches the notebook to another kernel.</summary>
    public async Task ChangeKernelAsync(KernelSpecification specification)
    {
        await StopAsync();
        await _kernel.DisposeAsync();
        _kernel = CreateKernel(specification);
        lock (Gate) _document.SetKernel(specification.Name, specification.DisplayName, specification.Language);
        Touch();
        await StartKernelAsync();
    }

    /// <summary>Sends the input that a cell requested.</summary>
    public void Answer(string id, string answer)
    {
        if (Find(id) is not { Question: { } question } cell) return;
        cell.Question = null;
        _kernel.Reply(question, answer);
        cell.Notify();
    }

    private NotebookKernel CreateKernel(KernelSpecification specification)
    {
        var kernel = new NotebookKernel(specification, System.IO.Path.GetDirectoryName(_file.Path)!, Receive);
        kernel.Died += Bury;
        return kernel;
    }

    private void Bury(string description)
    {
        EndRuns(Cells);
        foreach (var cell in Cells) cell.RunSource = null;
        Problem = description;
        SetKernelState(KernelState.Dead);
    }

    private void EndRuns(IEnumerable<CellState> cells)
    {
        CellRun[] runs;
        lock (Gate)
        {
            runs = [.. _runs.Values];
            _runs.Clear();
            foreach (var cell in cells) (cell.State, cell.Question) = (RunState.Idle, null);
        }

        foreach (var run in runs) run.End();
        foreach (var cell in cells) cell.Notify();
    }

    private void Receive(JupyterChannel channel, JupyterMessage message)
    {
        var changed = new List<CellState>();
        CellRun? ended = null;
        lock (Gate)
        {
            if (message.Type == "update_display_data") Update(message.Content, changed);
            if (message.ParentId is { } parent && _runs.TryGetValue(parent, out var run))
            {
                if (Handle(channel, message, run)) changed.Add(run.Cell);
                if (run.IsComplete) ended = run;
            }
        }

        if (changed.Count > 0 && message.Type != "status" && channel == JupyterChannel.IOPub) Touch(onlyOutputs: true);
        foreach (var cell in changed) cell.Notify();
        if (ended is null || !ended.End()) return;
        UpdateKernelState();
        CellEnded?.Invoke(ended.Cell);
    }

    /// <summary>Occurs when a run of a cell ends.</summary>
    public event Action<CellState>? CellEnded;

    private bool Handle(JupyterChannel channel, JupyterMessage message, CellRun run)
    {
        var (cell, content) = (run.Cell, message.Content);
        switch (channel, message.Type)
        {
            case (JupyterChannel.IOPub, "execute_input"):
                Clear(cell);
                (cell.State, cell.Started, cell.Duration) = (RunState.Running, _time.GetUtcNow(), null);
                cell.ExecutionCount = (int?)content["execution_count"];
                return true;
            case (JupyterChannel.IOPub, "status"):
                run.IsIdle = (string?)content["execution_state"] == "idle";
                break;
            case (JupyterChannel.IOPub, "clear_output"):
                if ((bool?)content["wait"] == true) cell.IsClearing = true;
                else Clear(cell);
                return true;
            case (JupyterChannel.IOPub, _):
                return OutputMessages.Read(message) is { } output && Add(cell, output);
            case (JupyterChannel.Stdin, "input_request"):
                cell.Question = message;
                return true;
            case (JupyterChannel.Shell, "execute_reply"):
                run.IsReplied = true;
                if (cell.State == RunState.Running) cell.Duration = _time.GetUtcNow() - cell.Started;
                run.Status = (string?)content["status"];
                break;
            default:
                return false;
        }

        if (!run.IsComplete) return false;
        (cell.State, cell.Question, cell.HasNewResult) = (RunState.Idle, null, true);
        return true;
    }

    private static void Clear(CellState cell)
    {
        cell.Outputs.Clear();
        (cell.IsClearing, cell.HasNewResult) = (false, true);
    }

    private static bool Add(CellState cell, OutputState output)
    {
        if (cell.IsClearing) Clear(cell);
        cell.HasNewResult = true;
        if (output.Output is StreamOutput stream && cell.Outputs is [.., var last] && last.IsStream(stream.Name)) last.Append(stream.Text);
        else cell.Outputs.Add(output);
        return true;
    }

    private void Update(JsonObject content, List<CellState> changed)
    {
        if (OutputMessages.DisplayIdOf(content) is not { } id) return;
        foreach (var cell in _cells)
        {
            var found = cell.Outputs.FindAll(output => output.DisplayId == id);
            foreach (var output in found) output.Update(OutputMessages.DataOf(content));
            if (found.Count == 0) continue;
            cell.HasNewResult = true;
            changed.Add(cell);
        }
    }

    private void UpdateKernelState()
    {
        if (!_kernel.IsRunning) return;
        bool isBusy;
        lock (Gate) isBusy = _cells.Exists(cell => cell.State != RunState.Idle);
        SetKernelState(isBusy ? KernelState.Busy : KernelState.Idle);
    }

    private void SetKernelState(KernelState state)
    {
        KernelState = state;
        Changed?.Invoke();
    }
}

using System.Text.Json.Nodes;
using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Jupyter;

/// <summary>Requests input for a cell from the user of the front end that runs it.</summary>
internal sealed class FrontEndInput(JupyterRequest request, InputReplies replies, IOutputSink output) : IInputSource
{
    public async Task<string> ReadLineAsync(string prompt, bool isPassword, CancellationToken cancellationToken)
    {
        if (!request.Value("allow_stdin", true))
            throw new InvalidOperationException("The cell requests input, which this front end does not support.");
        // The prompt must not overtake text that the cell wrote before it.
        (output as CellOutput)?.Flush();
        return await replies.NextAsync(
            () => request.Ask(new JsonObject { ["prompt"] = prompt, ["password"] = isPassword }), cancellationToken);
    }
}

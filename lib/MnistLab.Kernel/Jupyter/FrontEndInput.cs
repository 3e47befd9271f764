using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>The person at the front end that runs a cell, whom the cell may ask.</summary>
internal sealed class FrontEndInput(JupyterRequest request, InputReplies replies, IOutputSink output) : IInputSource
{
    public async Task<string> ReadLineAsync(string prompt, bool isPassword, CancellationToken cancellationToken)
    {
        if (!request.Value("allow_stdin", true)) throw new InvalidOperationException("The cell asks for input, and this front end cannot ask anybody.");
        // The question must not overtake what the cell has written about it.
        (output as CellOutput)?.Flush();
        return await replies.NextAsync(() => request.Ask(new JsonObject { ["prompt"] = prompt, ["password"] = isPassword }), cancellationToken);
    }
}

using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using MnistLab.Data.Workspaces;
using MnistLab.Kernel.Commands;

namespace MnistLab.Studio.Hosting;

/// <summary>Defines the command <c>open</c>, which opens the lab in a browser.</summary>
public static class OpenCommand
{
    private static readonly string[] Screens = ["DISPLAY", "WAYLAND_DISPLAY"];

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var port = new Option<int?>("--port")
        {
            Description = $"The port to listen on. Default: {StudioOptions.DefaultPort}, or any free port if it is in use.",
        };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Prints the address without opening a browser." };
        var command = new Command(
            "open", "Opens the lab (notebooks and console) in a browser. Runs until Ctrl+C is pressed.") { port, noBrowser };
        command.SetAction((result, cancellationToken) => CommandErrors.HandleAsync(
            () => ServeAsync(result.GetValue(port), !result.GetValue(noBrowser), cancellationToken),
            error => error is StudioException or WorkspaceException));
        return command;
    }

    private static async Task<int> ServeAsync(int? port, bool opensBrowser, CancellationToken cancellationToken)
    {
        var options = new StudioOptions { Workspace = Workspace.Find().Root, Port = port };
        await using var studio = await StudioApplication.StartAsync(options, cancellationToken);
        System.Console.WriteLine($"The lab is open at {studio.Address}");
        System.Console.WriteLine("The address contains an access token: do not share it.");
        System.Console.WriteLine("Press Ctrl+C to stop the lab. Unsaved changes are kept.");
        if (opensBrowser) OpenBrowser(studio.Address);
        await studio.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static void OpenBrowser(Uri address)
    {
        // Without a screen, there is no browser to open.
        if (OperatingSystem.IsLinux() && Screens.All(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))) return;
        try
        {
            Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception error) when (error is Win32Exception or FileNotFoundException or InvalidOperationException)
        {
            System.Console.WriteLine("Could not start a browser. Open the address in a browser yourself.");
        }
    }
}

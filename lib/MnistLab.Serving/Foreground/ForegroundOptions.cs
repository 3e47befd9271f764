using System.Globalization;
using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;
using MnistLab.Storage;

namespace MnistLab.Serving.Foreground;

/// <summary>Represents a command-line option and the environment variable that can be used instead.</summary>
/// <param name="Option">The option, such as <c>--port</c>.</param>
/// <param name="Variable">The variable, such as <c>MNISTLAB_PORT</c>.</param>
/// <param name="Value">The placeholder of the value in the help.</param>
/// <param name="Description">The description of the option in the help.</param>
internal sealed record ForegroundOption(string Option, string Variable, string Value, string Description);

/// <summary>Reads the options and variables of a service in the foreground.</summary>
/// <param name="option">Returns the value of an option, or null if it is not given.</param>
/// <param name="variable">Returns the value of an environment variable, or null if it is not set.</param>
internal sealed class ForegroundOptions(Func<ForegroundOption, string?> option, Func<string, string?> variable)
{
    public const int DefaultPort = 8080;
    public const string DefaultName = "digits";
    public static readonly TimeSpan DefaultDrain = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan DefaultStartTimeout = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan MaxDrain = TimeSpan.FromMinutes(10);

    public static readonly ForegroundOption ModelOption = new(
        "--model", ServiceVariables.Model, "URL",
        "The model: a version in the registry, such as s3://bucket/models/digits/0.0.1/, or the output location of a "
        + "training job. Required.");

    public static readonly ForegroundOption NameOption = new(
        "--name", ServiceVariables.Name, "NAME",
        "The model's name in the service's URLs. Default: its name in the registry, or else digits.");

    public static readonly ForegroundOption AddressOption = new(
        "--address", ServiceVariables.Address, "IP",
        "The IP address to listen on. 0.0.0.0, for all networks, requires a token or an app code. Default: 127.0.0.1.");

    public static readonly ForegroundOption PortOption = new(
        "--port", ServiceVariables.Port, "PORT", "The port to listen on; 0 for any free port. Default: 8080.");

    public static readonly ForegroundOption GrpcPortOption = new(
        "--grpc-port", ServiceVariables.GrpcPort, "PORT|none",
        "The port to listen on for gRPC; 0 for any free port, none to disable gRPC. Default: none.");

    public static readonly ForegroundOption DrainOption = new(
        "--drain", ServiceVariables.Drain, "SECONDS",
        "How long the service accepts requests after SIGTERM while it reports that it is not ready. Default: 5.");

    public static readonly ForegroundOption StartTimeoutOption = new(
        "--start-timeout", ServiceVariables.StartTimeout, "SECONDS",
        "How long to retry the download of the model while the store cannot be reached. Default: 300.");

    public static readonly ForegroundOption PredictionLimitOption = new(
        "--prediction-limit", ServiceVariables.PredictionLimit, "SECONDS",
        "Timeout of one prediction, at most 40. Default: 40.");

    public static readonly ForegroundOption LogFormatOption = new(
        "--log-format", ServiceVariables.LogFormat, "text|json",
        "The format of the log; json writes one JSON object per line. Default: text.");

    public static readonly ForegroundOption StoreOption = new(
        "--store", ServiceVariables.Store, "FOLDER", "The folder to use as the object store if no server is configured.");

    public static IReadOnlyList<ForegroundOption> All { get; } =
    [
        ModelOption, NameOption, AddressOption, PortOption, GrpcPortOption, DrainOption, StartTimeoutOption,
        PredictionLimitOption, LogFormatOption, StoreOption,
    ];

    /// <summary>Gets the folder of the object store; null if none is given.</summary>
    public string? StoreFolder => Read(StoreOption);

    public TimeSpan StartTimeout => Seconds(StartTimeoutOption, DefaultStartTimeout, TimeSpan.FromDays(1));

    /// <summary>Reads the settings of the service.</summary>
    /// <param name="folder">The folder to download the model to.</param>
    /// <exception cref="ServiceConfigurationException">An option or variable is missing or invalid.</exception>
    public RunSettings ReadSettings(string folder)
    {
        var url = Model();
        var package = Path.Combine(folder, PackageFiles.Folder.TrimEnd('/'));
        // The URL of a registered version contains both the name and the version: …/digits/0.0.1/.
        var isRegistered = ModelVersion.TryParse(url.Name, out var version) && url.Parent.Name.Length > 0;
        var name = Read(NameOption) ?? (isRegistered ? url.Parent.Name : DefaultName);
        var served = new ServedVersion(name, isRegistered ? version : ModelVersion.First, 100, package, url.ToString());
        var port = Port(PortOption) ?? DefaultPort;
        return new RunSettings(
            name,
            [served],
            port,
            // The control key is random and never revealed: a service in the foreground is stopped by a signal to its
            // process.
            Guid.NewGuid().ToString("N"),
            Seconds(PredictionLimitOption, LoadedModel.PredictionLimit, LoadedModel.PredictionLimit, canBeZero: false),
            Access: Access(),
            GrpcPort: GrpcPort(port),
            Drain: Seconds(DrainOption, DefaultDrain, MaxDrain),
            LogFormat: Format());
    }

    private ObjectUrl Model()
    {
        var text = Read(ModelOption) ?? throw new ServiceConfigurationException(
            $"No model is given. Specify --model URL, or set {ServiceVariables.Model}. "
            + "Example: --model s3://modelarts-example/models/digits/0.0.1/");
        try
        {
            return ObjectUrl.Parse(text).AsPrefix();
        }
        catch (FormatException exception)
        {
            throw Invalid(ModelOption, exception.Message, exception);
        }
    }

    private int? Port(ForegroundOption item)
    {
        if (Read(item) is not { } text) return null;
        const NumberStyles Digits = NumberStyles.None;
        return int.TryParse(text, Digits, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : throw Invalid(item, $"'{text}' is not a valid port: use a number from 0 to 65535.");
    }

    private int? GrpcPort(int port)
    {
        if (Read(GrpcPortOption) == "none") return null;
        var grpcPort = Port(GrpcPortOption);
        return grpcPort is > 0 && grpcPort == port
            ? throw Invalid(GrpcPortOption, $"gRPC needs its own port, but {grpcPort} is the port for HTTP. Choose another one.")
            : grpcPort;
    }

    private LogFormat Format() => Read(LogFormatOption) switch
    {
        null or "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        var other => throw Invalid(LogFormatOption, $"'{other}' is not a log format: use text or json."),
    };

    private AccessSettings Access()
    {
        var access = new AccessSettings(
            Read(AddressOption) ?? AccessSettings.Loopback.Address,
            Secret(ServiceVariables.Token),
            Secret(ServiceVariables.AppCode));
        try
        {
            access.Validate();
            return access;
        }
        catch (ArgumentException exception)
        {
            throw new ServiceConfigurationException(
                $"{exception.Message} {Source(AddressOption)} chooses the address; {ServiceVariables.Token} and "
                + $"{ServiceVariables.AppCode} hold the secrets.",
                exception);
        }
    }

    private TimeSpan Seconds(ForegroundOption item, TimeSpan otherwise, TimeSpan max, bool canBeZero = true)
    {
        if (Read(item) is not { } text) return otherwise;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= max.TotalSeconds && (canBeZero ? seconds >= 0 : seconds > 0)
            ? TimeSpan.FromSeconds(seconds)
            : throw Invalid(item, FormattableString.Invariant(
                $"'{text}' is not a number of seconds {(canBeZero ? "from 0" : "above 0")} to {max.TotalSeconds}."));
    }

    private string? Read(ForegroundOption item) => option(item) ?? Secret(item.Variable);

    private string? Secret(string name) => variable(name) is { Length: > 0 } value ? value : null;

    private string Source(ForegroundOption item) => option(item) is null ? item.Variable : item.Option;

    private ServiceConfigurationException Invalid(ForegroundOption item, string problem, Exception? cause = null) =>
        new($"{Source(item)}: {problem}", cause);
}

using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Deployment;

/// <summary>Represents the configuration of a service.</summary>
public sealed record ServiceConfiguration
{
    /// <summary>
    /// The value of <see cref="GrpcPort"/> that keeps the previous port, or chooses a free one if there is none.
    /// </summary>
    public const int AnyPort = 0;

    /// <summary>The value of <see cref="GrpcPort"/> for a service without gRPC.</summary>
    public const int NoPort = -1;

    /// <summary>
    /// Gets the versions of one model to serve, at least one, and their shares of the requests; the weights sum to 100.
    /// </summary>
    public required IReadOnlyList<WeightedModel> Models { get; init; }

    /// <summary>
    /// Gets the port to listen on, 1 to 65535; null to keep the previous one, or to choose a free one if there is none.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>
    /// Gets the port for gRPC, 1 to 65535, <see cref="AnyPort"/>, or <see cref="NoPort"/>; null to keep the previous
    /// setting, or to use none. gRPC needs a separate port because it uses HTTP/2, which cannot share a port with
    /// HTTP/1.1 without TLS.
    /// </summary>
    public int? GrpcPort { get; init; }

    /// <summary>
    /// Gets the address to listen on and the secrets that requests must carry; null to keep the previous ones, or to
    /// allow only this machine.
    /// </summary>
    public AccessSettings? Access { get; init; }

    /// <summary>
    /// Gets the time after which the service stops automatically; <see cref="Timeout.InfiniteTimeSpan"/> for never;
    /// null to keep the current stop time, if any.
    /// </summary>
    public TimeSpan? StopAfter { get; init; }

    /// <summary>
    /// Gets the time limit of one prediction: greater than zero, at most 40 s; null to keep the previous limit, or to
    /// use 40 s.
    /// </summary>
    public TimeSpan? PredictionLimit { get; init; }

    /// <summary>Creates the default configuration with one version that serves all requests.</summary>
    public static ServiceConfiguration From(RegisteredModel model) => new() { Models = [new WeightedModel(model, 100)] };

    /// <summary>Returns the validation errors, at most one for each property.</summary>
    public IReadOnlyList<DeploymentException> FindProblems() =>
    [
        .. new[]
        {
            (nameof(Models), FindProblemOfModels()),
            (nameof(Access), FindProblemOfAccess()),
            (nameof(Port), Port is < 1 or > 65535
                ? FormattableString.Invariant($"{Port} is not a valid port: use a number from 1 to 65535, or null for a free port.")
                : null),
            (nameof(GrpcPort), FindProblemOfGrpcPort()),
            (nameof(StopAfter), StopAfter <= TimeSpan.Zero && StopAfter != Timeout.InfiniteTimeSpan
                ? "The time after which a service stops must be positive, or Timeout.InfiniteTimeSpan for never."
                : null),
            (nameof(PredictionLimit), PredictionLimit is { } limit && (limit <= TimeSpan.Zero || limit > LoadedModel.PredictionLimit)
                ? FormattableString.Invariant(
                    $"The prediction timeout must be positive and at most {LoadedModel.PredictionLimit.TotalSeconds} s, but was {limit.TotalSeconds} s.")
                : null),
        }
        .Where(problem => problem.Item2 is not null)
        .Select(problem => new DeploymentException(problem.Item2!) { Field = problem.Item1 }),
    ];

    /// <summary>
    /// Returns the port for gRPC, given the previous one: null for none, <see cref="AnyPort"/> for a free one.
    /// </summary>
    internal int? GrpcPortAfter(int? before) => GrpcPort switch
    {
        null => before,
        NoPort => null,
        AnyPort => before ?? AnyPort,
        _ => GrpcPort,
    };

    internal void Validate()
    {
        if (FindProblems() is [var first, ..]) throw first;
    }

    private string? FindProblemOfModels()
    {
        if (Models is not { Count: > 0 }) return "A service needs at least one model version.";
        if (Models.Any(item => item?.Model is null)) return "A model of the service is null.";
        if (Models.FirstOrDefault(item => item.Model.Status != ModelStatus.Published)?.Model is { } other)
            return $"{other.Name} {other.Version} is {other.Status.ConsoleName()}; only a published model (Normal) can be deployed.";
        if (Models.Select(item => item.Model.Name).Distinct().Count() > 1)
            return "All versions of a service must belong to one model; deploy another model as another service.";
        if (Models.Select(item => item.Model.Version).Distinct().Count() < Models.Count)
            return "A version is given twice; give each version once.";
        var (weights, sum) = (string.Join(" + ", Models.Select(item => item.Weight)), Models.Sum(item => item.Weight));
        return Models.Any(item => item.Weight is < 0 or > 100) || sum != 100
            ? FormattableString.Invariant($"The weights must sum to 100, but {weights} = {sum}.")
            : null;
    }

    private string? FindProblemOfGrpcPort() => GrpcPort switch
    {
        < NoPort or > 65535 => FormattableString.Invariant($"{GrpcPort} is not a valid port for gRPC: use a number from 1 to 65535."),
        > 0 when GrpcPort == Port => FormattableString.Invariant(
            $"gRPC needs its own port, but {GrpcPort} is the port for HTTP. Choose another one."),
        _ => null,
    };

    private string? FindProblemOfAccess()
    {
        try
        {
            Access?.Validate();
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}

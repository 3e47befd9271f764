namespace MnistLab.Benchmarks;

/// <summary>The service and its peer, asked the same.</summary>
/// <param name="Service">The service, asked at a rate.</param>
/// <param name="Bare">The bare web server, asked at the same rates in turn with it.</param>
/// <param name="ClosedRate">70 % of the rate at which the service answers in a closed loop, in requests a second.</param>
/// <param name="ClosedCost">What a request cost the service in a closed loop, in µs of its process.</param>
/// <param name="BareClosedCost">The same of the bare web server.</param>
internal sealed record LoadComparison(IReadOnlyList<PacedLoad> Service, IReadOnlyList<PacedLoad> Bare, double ClosedRate, double ClosedCost, double BareClosedCost);

using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Tests;

public sealed class GrpcBodyTests(GrpcService service) : IClassFixture<GrpcService>
{
    [Fact]
    public async Task Read_ABodyThatDoesNotArrive_IsRejectedWhenItsTimeIsOver()
    {
        var (pipe, time) = (new Pipe(), new ManualTime());
        using var body = new GrpcBody(
            pipe.Reader, 1000, new LargeBodyLimiter().Acquire(null), time, exception => Task.FromResult(exception));

        var reading = body.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(reading.IsCompleted);
        Assert.Equal(ServiceLimits.BodyTime, time.Due);
        time.Elapse();

        var rejection = await Assert.ThrowsAsync<RequestRejectedException>(() => reading);
        Assert.Equal((408, RequestBody.TooSlow().Message), (rejection.StatusCode, rejection.Message));
    }

    [Fact]
    public async Task ModelInfer_WithoutRoomForItsMessage_IsRejectedInTheWordsOfRest_UntilThereIs()
    {
        var limiter = service.Running.Services.GetRequiredService<LargeBodyLimiter>();
        var leases = Enumerable.Range(0, 19).Select(_ => limiter.Acquire(5 << 20)).ToList();
        var request = InferenceClient.Raw(new float[1024 * 784], 1024, 784);

        var full = await InferenceClient.FailureAsync(service.Client.Service.ModelInferAsync(request));
        leases.ForEach(lease => lease.Dispose());

        Assert.Equal(StatusCode.ResourceExhausted, full.StatusCode);
        Assert.Equal("The service has no memory for another large body at the moment; retry in a second.", full.Detail);
        Assert.Equal(1024, InferenceClient.Labels(await service.Client.Service.ModelInferAsync(request)).Length);
        // The memory that the call had reserved is available again.
        await ServiceLab.UntilAsync(() => Task.FromResult(HasRoom(limiter, 19)), "the room is free again");
    }

    private static bool HasRoom(LargeBodyLimiter limiter, int bodies)
    {
        var leases = new List<LargeBodyLimiter.Lease>();
        try
        {
            for (var i = 0; i < bodies; i++) leases.Add(limiter.Acquire(5 << 20));
            return true;
        }
        catch (RequestRejectedException)
        {
            return false;
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    private sealed class ManualTime : TimeProvider
    {
        public TimeSpan Due { get; private set; }

        public Action Elapse { get; private set; } = () => { };

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Due, Elapse) = (dueTime, () => callback(state));
            return base.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}

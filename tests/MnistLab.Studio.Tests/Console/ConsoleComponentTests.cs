using MnistLab.Studio.Console;

namespace MnistLab.Studio.Tests.Console;

public sealed class ConsoleComponentTests
{
    [Fact]
    public async Task Action_WhoseWaitTimesOut_FailsWithAMessage()
    {
        using var component = new Component();
        var timeout = new TaskCanceledException("canceled", new TimeoutException("No response within 10 s."));
        Assert.False(await component.ActAsync(() => Task.FromException(timeout)));
        Assert.Equal("The operation was interrupted: No response within 10 s. Try again.", component.Message);
    }

    [Fact]
    public async Task Action_CanceledBecauseThePageIsClosed_HasNoMessage()
    {
        var component = new Component();
        var token = component.Token;
        component.Dispose();
        Assert.False(await component.ActAsync(() => Task.FromCanceled(token)));
        Assert.Null(component.Message);
    }

    private sealed class Component : ConsoleComponent
    {
        public string? Message => Failure;

        public CancellationToken Token => Closed;

        public Task<bool> ActAsync(Func<Task> action) => RunAsync(action);
    }
}

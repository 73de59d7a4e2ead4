using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class NativeStartTests
{
    [Fact]
    public void Starts_once_for_many_threads()
    {
        int starts = 0;
        var start = new NativeStart(_ =>
        {
            Thread.Sleep(50);
            Interlocked.Increment(ref starts);
        });

        Parallel.For(0, 32, _ => start.Ensure());

        Assert.Equal(1, starts);
    }

    [Fact]
    public void Remembers_a_failure()
    {
        int starts = 0;
        var start = new NativeStart(_ =>
        {
            starts++;
            throw new NativeBackendException($"Failure {starts}.");
        });

        var first = Assert.Throws<NativeBackendException>(start.Ensure);
        var second = Assert.Throws<NativeBackendException>(start.Ensure);

        Assert.Equal(1, starts);
        Assert.Equal("Failure 1.", first.Message);
        Assert.Equal(first.Message, second.Message);
        Assert.NotSame(first, second);
    }

    [Theory]
    [InlineData(typeof(DllNotFoundException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(NotSupportedException))]
    public void Explains_every_other_error(Type type)
    {
        var cause = (Exception)Activator.CreateInstance(type, "what the system said")!;
        var start = new NativeStart(_ => throw new TypeInitializationException("TorchSharp.torch", cause));

        var error = Assert.Throws<NativeBackendException>(start.Ensure);

        Assert.Contains("what the system said", error.Message, StringComparison.Ordinal);
        Assert.Contains("Ways out", error.Message, StringComparison.Ordinal);
        Assert.Contains(NativeFiles.PackageVersion, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_each_message_once()
    {
        var start = new NativeStart(say =>
        {
            say("first");
            say("second");
        });
        Assert.Empty(start.TakeMessages());

        start.Ensure();

        Assert.Equal(["first", "second"], start.TakeMessages());
        Assert.Empty(start.TakeMessages());
    }
}

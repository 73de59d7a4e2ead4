using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class AllocatorTests
{
    [Fact]
    public void Says_what_it_did_and_how_to_prevent_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The allocator is tuned on Linux only.");

        string? message = Allocator.Tune(leaveAlone: false);

        Assert.SkipWhen(message is null, "This system's C library is not glibc.");
        Assert.Contains("MLNET_TRANSFORMERS_KEEP_ALLOCATOR=1", message, StringComparison.Ordinal);
        Assert.Contains("'MLNet.Transformers.KeepAllocator'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_nothing_where_it_is_left_alone() => Assert.Null(Allocator.Tune(leaveAlone: true));
}

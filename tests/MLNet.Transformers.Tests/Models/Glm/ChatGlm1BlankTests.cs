using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models.Glm;

/// <summary>What ChatGLM-6B derives from ids, worked out by hand: 4 begins what is written, 5 is a blank in a text, 6 one at its end, 0 fills up.</summary>
public sealed class ChatGlm1BlankTests : IDisposable
{
    private static readonly ChatGlm1Blank _blank = new(startId: 4, maskId: 5, endMaskId: 6);

    private readonly DisposeScope _scope;

    public ChatGlm1BlankTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(new[] { 9, 5, 8, 4, 7, 7 }, new[] { 0, 1, 2, 1, 1, 1 }, new[] { 0, 0, 0, 1, 2, 3 })]
    [InlineData(new[] { 9, 8, 6, 4, 7, 7 }, new[] { 0, 1, 2, 3, 4, 5 }, new[] { 0, 0, 0, 1, 2, 3 })]
    [InlineData(new[] { 9, 5, 6, 4, 7, 7 }, new[] { 0, 1, 2, 3, 4, 5 }, new[] { 0, 0, 0, 1, 2, 3 })]
    [InlineData(new[] { 9, 8, 8, 4, 7, 4 }, new[] { 0, 1, 2, 3, 4, 5 }, new[] { 0, 0, 0, 1, 2, 3 })]
    [InlineData(new[] { 9, 5, 8, 7, 7, 7 }, new[] { 0, 1, 2, 3, 4, 5 }, new[] { 0, 0, 0, 0, 0, 0 })]
    public void Places_stay_at_a_blank_within_the_text(int[] ids, int[] places, int[] written)
    {
        Tensor positions = _blank.Positions(new TokenBatch(Ids([ids])));

        Assert.Equal([1L, 2, 6], positions.shape);
        Assert.Equal([.. places, .. written], Numbers(positions));
    }

    [Fact]
    public void Padding_on_the_left_moves_nothing()
    {
        foreach (int[] row in (int[][])[[9, 5, 8, 4, 7], [9, 8, 6, 4, 7]])
        {
            TokenBatch padded = new(Ids([[0, 0, .. row]]), Mask: Ids([[0, 0, 1, 1, 1, 1, 1]]));

            Tensor alone = _blank.Positions(new TokenBatch(Ids([row])));

            Assert.Equal(Numbers(alone), Numbers(_blank.Positions(padded).narrow(2, 2, 5)));
            Assert.Equal([0, 0, 0, 0], Numbers(_blank.Positions(padded).narrow(2, 0, 2)));
        }
    }

    [Fact]
    public void Without_padding_the_mask_is_the_texts_length() =>
        Assert.Equal([3, 4, 0], Numbers(_blank.Mask(new TokenBatch(Ids([[9, 5, 8, 4], [9, 5, 8, 7], [4, 9, 9, 4]])))));

    [Fact]
    public void Padding_is_seen_by_none()
    {
        Tensor mask = _blank.Mask(new TokenBatch(Ids([[0, 9, 8, 4, 7]]), Mask: Ids([[0, 1, 1, 1, 1]])));

        Assert.Equal([1L, 1, 5, 5], mask.shape);
        Assert.Equal([0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1], Numbers(mask));
    }

    [Theory]
    [InlineData(new[] { 9, 5, 8, 4 })]
    [InlineData(new[] { 9, 8, 6, 4 })]
    [InlineData(new[] { 8, 5, 4, 7, 7 })]
    [InlineData(new[] { 9, 8, 7 })]
    public void What_follows_is_as_if_all_had_been_read_at_once(int[] prompt)
    {
        Tensor positions = _blank.Positions(new TokenBatch(Ids([prompt])));
        for (int[] ids = prompt; ids.Length < prompt.Length + 3; ids = [.. ids, 7])
        {
            Assert.Equal(Numbers(_blank.Positions(new TokenBatch(Ids([ids])))), Numbers(positions));

            positions = cat([positions, ChatGlm1Blank.PositionsAfter(positions)], -1);
        }
    }

    [Fact]
    public void Positions_of_the_published_tokenizer_stay_at_a_blank_at_the_end()
    {
        ChatGlm1Batch batch = ChatGlm1Inputs.Pad([[9, 8, 6, 4], [6, 4]], new ChatGlm1Tokens(StartId: 4, MaskId: 5, LongMaskId: 6, PadId: 0));
        Tensor positions = batch.ToTokens().Positions!;

        Tensor next = ChatGlm1Blank.PositionsAfter(positions);

        Assert.Equal([0, 1, 2, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], Numbers(positions));
        Assert.Equal([2, 2, 0, 2], Numbers(next));
    }

    private static Tensor Ids(int[][] rows) => rows.ToTensor(null);

    private static int[] Numbers(Tensor tensor) => [.. tensor.to(ScalarType.Int64).contiguous().data<long>().Select(number => (int)number)];
}

using MLNet.Transformers.Pretraining;

namespace MLNet.Transformers.Tests.Pretraining;

public class BlockPackerTests
{
    private static EncodedText Document(params int[][] sentences) =>
        new([.. sentences.SelectMany(sentence => sentence)], [.. sentences.Select((_, i) => sentences[..(i + 1)].Sum(sentence => sentence.Length))]);

    private static string[] Cut(BlockShape shape, params EncodedText[] documents)
    {
        var packer = new BlockPacker(shape);
        List<TextBlock> blocks = [.. documents.SelectMany(packer.Add)];
        blocks.AddRange(packer.Finish());
        return [.. blocks.Select(block =>
            $"{block.Document}: {string.Join(' ', block.Ids)} | {string.Join(' ', block.SentenceEnds)} | {string.Join(' ', block.DocumentEnds)}"), $"{packer.LeftOut} left out"];
    }

    [Fact]
    public void Documents_are_cut_one_by_one_and_what_is_too_short_is_left_out() => Assert.Equal(
        ["0: 1 2 3 4 | 2 4 | 4", "0: 5 6 7 8 | 1 4 | 4", "2: 10 11 12 | 3 | 3", "2 left out"],
        Cut(new BlockShape(4) { Shortest = 2 }, Document([1, 2], [3, 4, 5], [6, 7, 8, 9]), Document([13]), Document([10, 11, 12])));

    [Fact]
    public void Packed_documents_fill_blocks_between_their_special_tokens() => Assert.Equal(
        ["0: 90 1 2 91 90 | 4 5 | 4 5", "1: 3 4 5 91 90 | 2 4 5 | 4 5", "2: 6 91 | 2 | 2", "0 left out"],
        Cut(new BlockShape(5) { Packed = true, DocumentStart = [90], DocumentEnd = [91] }, Document([1, 2]), Document([3, 4], [5]), Document([6])));

    [Fact]
    public void Whole_sentences_end_blocks_and_longer_ones_are_cut() => Assert.Equal(
        ["0: 1 2 3 | 2 3 | 3", "0: 4 5 6 | 3 | 3", "0: 7 8 9 10 | 4 | 4", "0: 11 12 | 1 2 | 2", "0 left out"],
        Cut(new BlockShape(4) { WholeSentences = true }, Document([1, 2], [3], [4, 5, 6], [7, 8, 9, 10, 11], [12])));

    [Fact]
    public void A_document_without_a_token_is_none() =>
        Assert.Equal(["1: 5 | 1 | 1", "0 left out"], Cut(new BlockShape(4), new EncodedText([], []), Document([5])));

    [Fact]
    public void A_document_in_stretches_is_one_document()
    {
        EncodedText first = Document([1, 2], [3]), second = Document([4, 5, 6], [7, 8, 9, 10]) with { Continues = true }, next = Document([11]);

        Assert.Equal(["0: 1 2 3 4 | 2 3 4 | 4", "0: 5 6 7 8 | 2 4 | 4", "0: 9 10 | 2 | 2", "1: 11 | 1 | 1", "0 left out"], Cut(new BlockShape(4), first, second, next));
        Assert.Equal(
            ["0: 90 1 2 3 4 | 3 4 5 | 5", "0: 5 6 7 8 9 | 2 5 | 5", "0: 10 91 90 11 91 | 2 5 | 2 5", "0 left out"],
            Cut(new BlockShape(5) { Packed = true, DocumentStart = [90], DocumentEnd = [91] }, first, second, next));
    }

    [Fact]
    public void Nothing_of_a_long_document_is_lost()
    {
        EncodedText document = Document([.. Enumerable.Range(0, 5000).Select(number => Enumerable.Range(number, number % 7 + 1).ToArray())]);
        var packer = new BlockPacker(new BlockShape(16) { Packed = true });
        List<TextBlock> blocks = [.. packer.Add(document), .. packer.Finish()];

        Assert.Equal(document.Ids, blocks.SelectMany(block => block.Ids));
        Assert.All(blocks.SkipLast(1), block => Assert.Equal(16, block.Length));
    }
}

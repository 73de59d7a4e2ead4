using System.Text;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Byte-level BPE in a model's own files, Tiktoken's ranks, and what is said of broken ones.</summary>
public class BpeFileTests
{
    private const string Merges = "#version: 0.2\nl o\nlo w\n\u0120 low\n";

    private static readonly string[] _pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "l", "o", "w", "\u0120", "\u010A", "lo", "low", "\u0120low"];
    private static readonly string[] _gpt2 = ["<|endoftext|>", .. _pieces[5..]];

    [Fact]
    public void Vocabularies_with_their_tokens_are_enclosed_as_RoBERTa_does()
    {
        TextEncoder tokenizer = SmallBpe.FromFiles(_pieces, Merges);

        Assert.Equal(["<s>", "low", "\u0120low", "</s>"], tokenizer.Encode("low low").Tokens);
        Assert.Equal(["<s>", "low", "</s>", "</s>", "lo", "</s>"], tokenizer.Encode("low", "lo").Tokens);
        // The place of a word is that of its letters.
        Assert.Equal([new TextSpan(0, 3), new TextSpan(4, 7)], tokenizer.Encode("low low").Offsets[1..3]);
        Assert.Equal((0, 2, 1, 3, 4), (tokenizer.ClassTokenId, tokenizer.SeparatorTokenId, tokenizer.PadTokenId, tokenizer.UnknownTokenId, tokenizer.MaskTokenId));
        Assert.Equal("low low", tokenizer.Decode(tokenizer.Encode("low low").Ids));
    }

    [Fact]
    public void A_mask_takes_the_blank_before_it()
    {
        TextEncoder tokenizer = SmallBpe.FromFiles(_pieces, Merges);

        Assert.Equal(["low", "<mask>", "\u0120low"], tokenizer.Encode("low <mask> low", null, Plain).Tokens);
    }

    [Fact]
    public void Others_are_not_enclosed_as_GPT_2_does()
    {
        TextEncoder tokenizer = SmallBpe.FromFiles(_gpt2, Merges);

        Assert.Equal(["low", "\u0120low", "<|endoftext|>"], tokenizer.Encode("low low<|endoftext|>").Tokens);
        Assert.Equal([new TextSpan(0, 3), new TextSpan(3, 7), new TextSpan(7, 20)], tokenizer.Encode("low low<|endoftext|>").Offsets);
        Assert.Equal((0, 0, null), (tokenizer.BeginTokenId, tokenizer.EndTokenId, tokenizer.PadTokenId));
    }

    [Theory]
    [InlineData("""{"add_prefix_space":true}""", "low", "<s> \u0120low </s>")]
    // White space before the text stays the only.
    [InlineData("""{"add_prefix_space":true}""", "\nlow", "<s> \u010A low </s>")]
    [InlineData("""{"add_prefix_space":true}""", "<s>low", "<s> \u0120 <s> low </s>")]
    [InlineData("""{"tokenizer_class":"GPT2Tokenizer","add_prefix_space":true}""", "\nlow", "\u0120 \u010A low")]
    [InlineData("""{"tokenizer_class":"GPT2TokenizerFast","add_bos_token":true,"bos_token":"<s>"}""", "low", "<s> low")]
    [InlineData("""{"tokenizer_class":"GPT2Tokenizer","add_bos_token":true,"add_eos_token":true,"bos_token":"<s>","eos_token":"</s>"}""", "low", "<s> low </s>")]
    [InlineData("""{"tokenizer_class":"BartTokenizer","cls_token":"<unk>"}""", "low", "<unk> low </s>")]
    [InlineData("""{"added_tokens_decoder":{"13":{"content":"wol","special":false}}}""", "lowwollow", "<s> low wol low </s>")]
    public void The_config_says_what_the_files_leave_open(string config, string text, string expected)
    {
        Assert.Equal(expected.Split(' '), SmallBpe.FromFiles(_pieces, Merges, config).Encode(text).Tokens);
    }

    [Fact]
    public void The_blank_in_front_has_the_place_of_the_first_character()
    {
        TokenEncoding encoding = SmallBpe.FromFiles(_pieces, Merges, """{"add_prefix_space":true}""").Encode("low low", null, Plain);

        Assert.Equal([new TextSpan(0, 3), new TextSpan(4, 7)], encoding.Offsets);
    }

    [Fact]
    public void The_files_of_OpenAI_and_files_of_any_name_are_the_same()
    {
        using var folder = new TemporaryFolder();
        folder.Write("encoder.json", SmallBpe.Vocabulary(_gpt2));
        folder.Write("vocab.bpe", Merges);

        TextEncoder named = TextEncoder.FromVocabularyAndMerges(folder.File("encoder.json"), folder.File("vocab.bpe"), new TokenizerSettings { AddPrefixSpace = true });

        Assert.Equal([7], TextEncoder.FromFolder(folder.Folder).Encode("low").Ids);
        Assert.Equal(["\u0120low"], named.Encode("low").Tokens);
        Assert.Equal(["\u0120low"], TextEncoder.FromFiles(named.Files).Encode("low").Tokens);
    }

    [Theory]
    [InlineData("l\n", "merges.txt", "line 1 is 'l'", "two pieces")]
    [InlineData("#version: 0.2\nl o\nl o w\n", "line 3 is 'l o w'")]
    [InlineData("l o\n\nlo w", "line 2 is ''")]
    [InlineData("l x\n", "line 1 is 'l x'", "no piece 'x'")]
    [InlineData("w w\n", "line 1 is 'w w'", "no piece 'ww'")]
    [InlineData("", "'merges.txt' holds no merge", "such as 'lo'")]
    [InlineData("#version: 0.2\n", "'merges.txt' holds no merge", "such as 'lo'")]
    [InlineData("\r\n", "'merges.txt' holds no merge", "such as 'lo'")]
    public void A_broken_list_of_merges_is_named_with_the_line(string merges, params string[] said)
    {
        string message = Assert.Throws<TokenizerException>(() => SmallBpe.FromFiles(_pieces, merges)).Message;

        Assert.All(said, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_vocabulary_of_single_letters_needs_no_merges() =>
        Assert.Equal(["l", "o", "w"], SmallBpe.FromFiles(["<s>", "</s>", "<unk>", "l", "o", "w"], "#version: 0.2\n").Encode("low", null, Plain).Tokens);

    [Theory]
    [InlineData("""{"a":0,"b":0}""", "vocab.json", "id 0", "'a'", "'b'")]
    [InlineData("""{"a":"0"}""", "'a' is \"0\"", "whole number")]
    [InlineData("""{"a":-1}""", "'a' is -1", "token id")]
    [InlineData("[]", "vocab.json", "not a JSON object")]
    public void A_broken_vocabulary_is_named(string vocabulary, params string[] said)
    {
        var files = new Dictionary<string, byte[]> { ["vocab.json"] = Encoding.UTF8.GetBytes(vocabulary), ["merges.txt"] = [] };

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFiles(files)).Message;

        Assert.All(said, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Half_a_tokenizer_and_classes_of_other_models_are_refused()
    {
        var half = new Dictionary<string, byte[]> { ["vocab.json"] = Encoding.UTF8.GetBytes(SmallBpe.Vocabulary(_gpt2)) };

        Assert.Contains("'merges.txt'", Assert.Throws<TokenizerException>(() => TextEncoder.FromFiles(half)).Message, StringComparison.Ordinal);
        string message = Assert.Throws<TokenizerException>(() => SmallBpe.FromFiles(_pieces, Merges, """{"tokenizer_class":"CLIPTokenizer"}""")).Message;
        Assert.Contains("'CLIPTokenizer'", message, StringComparison.Ordinal);
        Assert.Contains("BartTokenizer", message, StringComparison.Ordinal);
        message = Assert.Throws<TokenizerException>(() => SmallBpe.FromFiles(_gpt2, Merges, """{"tokenizer_class":"RobertaTokenizer"}""")).Message;
        Assert.Contains("cls_token '<s>'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_is_put_in_front_may_be_new()
    {
        TextEncoder tokenizer = SmallBpe.FromFiles(_gpt2, Merges, """{"add_bos_token":true,"bos_token":"<x>"}""");

        Assert.Equal(_gpt2.Length, tokenizer.BeginTokenId);
        Assert.Equal([_gpt2.Length], tokenizer.Encode("").Ids);
    }

    [Fact]
    public void Ranks_are_ids_and_the_order_of_merges()
    {
        TextEncoder tokenizer = FromRanks(["l", "o", "w", " ", "ow", "lo", " l", "low"], null);

        // "ow" is merged before "lo"; "low" is a piece, and stays whole.
        Assert.Equal([7, 3, 0, 4, 2], tokenizer.Encode("low loww").Ids.Take(1).Concat(FromRanks(["l", "o", "w", " ", "ow", "lo"], null).Encode(" loww").Ids));
        Assert.Equal("low low", tokenizer.Decode(tokenizer.Encode("low low").Ids));
    }

    [Fact]
    public void Pieces_of_ranks_may_be_parts_of_characters()
    {
        byte[] content = Encoding.ASCII.GetBytes($"{Convert.ToBase64String([0xC3])} 0\n{Convert.ToBase64String([0xA9])} 1\n");
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.model"] = content });

        TokenEncoding encoding = tokenizer.Encode("\u00E9");

        Assert.Equal([0, 1], encoding.Ids);
        Assert.Equal([new TextSpan(0, 1), new TextSpan(0, 1)], encoding.Offsets);
        Assert.Equal("\u00E9", tokenizer.Decode([0, 1]));
        Assert.Equal("\uFFFD", tokenizer.Decode([0]));
    }

    [Fact]
    public void GLM_4_puts_its_two_tokens_in_front()
    {
        TextEncoder tokenizer = FromRanks(["a", "b"], """
            {"tokenizer_class":"ChatGLM4Tokenizer","eos_token":"<|endoftext|>","pad_token":"<|endoftext|>","padding_side":"left","added_tokens_decoder":{
            "2":{"content":"<|endoftext|>","special":true},"3":{"content":"[gMASK]","special":true},"4":{"content":"<sop>","special":true}}}
            """);

        Assert.Equal([3, 4, 0, 1, 2], tokenizer.Encode("ab<|endoftext|>").Ids);
        Assert.Equal([3, 4, 0, 1], tokenizer.Encode("a", "b").Ids);
        Assert.Equal((2, Side.Left, null), (tokenizer.PadTokenId, tokenizer.PaddingSide, tokenizer.MaskTokenId));
    }

    [Fact]
    public void LLaMA_3_begins_with_its_token_where_a_file_as_long_as_its_stands_alone()
    {
        string lines = string.Concat(Enumerable.Range(0, 128_000).Select(rank => $"{Convert.ToBase64String([(byte)(rank >> 16), (byte)(rank >> 8), (byte)rank, 0])} {rank}\n"));
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.model", lines);

        TextEncoder tokenizer = TextEncoder.FromFile(folder.File("tokenizer.model"));

        Assert.Equal([128_000, 128_009, 128_006, 128_255], tokenizer.Encode("<|eot_id|><|start_header_id|><|reserved_special_token_250|>").Ids);
        Assert.Equal((128_256, 128_000, 128_001), (tokenizer.VocabularySize, tokenizer.BeginTokenId, tokenizer.EndTokenId));
    }

    [Theory]
    [InlineData("YQ== 0\n!! 1\n", "line 2 is '!! 1'", "base64")]
    [InlineData("YQ== 0\nYg== one\n", "line 2 is 'Yg== one'")]
    [InlineData("YQ== 0\nYg==\n", "line 2 is 'Yg=='")]
    [InlineData("YQ== 0\nYg== 0\n", "line 2", "the rank 0", "'b'", "'a'")]
    [InlineData("YQ== 0\nYQ== 1\n", "line 2", "'a'", "second rank, 1")]
    public void Broken_ranks_are_named_with_the_line(string content, params string[] said)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.model", content);

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFolder(folder.Folder)).Message;

        Assert.All(said.Append(folder.File("tokenizer.model")), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Special_tokens_that_ranks_lack_get_the_next_ids()
    {
        TextEncoder tokenizer = FromRanks(["a", "b"], """{"extra_special_tokens":["<x>"],"pad_token":"<pad>"}""");

        Assert.Equal((2, 3), (tokenizer.PadTokenId, tokenizer.TokenToId("<x>")));
        Assert.Equal([0, 3, 1], tokenizer.Encode("a<x>b").Ids);
    }

    private static TextEncoder FromRanks(string[] pieces, string? config)
    {
        string ranks = string.Concat(pieces.Select((piece, rank) => $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(piece))} {rank}\n"));
        var files = new Dictionary<string, byte[]> { ["tokenizer.model"] = Encoding.ASCII.GetBytes(ranks) };
        if (config is not null)
        {
            files["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config);
        }
        return TextEncoder.FromFiles(files);
    }
}

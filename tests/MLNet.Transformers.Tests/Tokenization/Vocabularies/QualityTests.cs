using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.Vocabularies;

/// <summary>How many tokens a character vocabularies need that are trained on one megabyte, beside published ones of several times their size.</summary>
public class QualityTests
{
    [Fact]
    public void English_needs_hardly_more_tokens_than_with_published_vocabularies()
    {
        string[] train = SampleTexts.Lines("data", "wikitext-2", "wiki.valid.raw");
        string[] test = SampleTexts.Lines("data", "wikitext-2", "wiki.test.raw");
        double bpe = SampleTexts.TokensPerCharacter(ByteLevelBpeTrainer.Train(train, 8000), test);
        double unigram = SampleTexts.TokensPerCharacter(UnigramTrainer.Train(train, 8000), test);

        // Published: 0.2195 with 50,265 pieces of BART, 0.2636 with T5's 32,100, 0.2602 with LLaMA 2's 32,000.
        Assert.InRange(bpe, 0.25, 1.01 * SampleTexts.TokensPerCharacter(Published("llama2"), test));
        Assert.InRange(unigram, 0.25, 1.02 * SampleTexts.TokensPerCharacter(Published("t5"), test));
    }

    [Fact]
    public void Two_languages_need_fewer_tokens_than_with_the_Unigram_vocabulary_that_the_reference_trained_on_them()
    {
        string[] texts = [.. SampleTexts.Lines("data", "multi30k", "train.en.gz"), .. SampleTexts.Lines("data", "multi30k", "train.de.gz")];
        string[] test = [.. SampleTexts.Lines("data", "multi30k", "test_2016_flickr.en.gz"), .. SampleTexts.Lines("data", "multi30k", "test_2016_flickr.de.gz")];
        TextEncoder reference = TextEncoder.FromFolder(Shared.Path("weights", "t5-multi30k-tiny"));

        TextEncoder tokenizer = UnigramTrainer.Train(texts, reference.VocabularySize);

        Assert.Equal(reference.VocabularySize, tokenizer.VocabularySize);
        Assert.InRange(SampleTexts.TokensPerCharacter(tokenizer, test), 0.2, SampleTexts.TokensPerCharacter(reference, test));
    }

    [Fact]
    public void Chinese_needs_fewer_tokens_than_with_published_vocabularies_that_know_it()
    {
        string[] texts = [.. SampleTexts.Lines("data", "chnsenticorp", "dev.tsv").Skip(1).Select(line => line.Split('\t')[0])];
        string[] test = [.. texts.Where((_, index) => index % 4 == 0)];
        string[] train = [.. texts.Where((_, index) => index % 4 != 0)];
        double published = SampleTexts.TokensPerCharacter(Published("llama3"), test);

        Assert.InRange(SampleTexts.TokensPerCharacter(ByteLevelBpeTrainer.Train(train, 6000), test), 0.5, published);
        Assert.InRange(SampleTexts.TokensPerCharacter(UnigramTrainer.Train(train, 6000), test), 0.5, published);
    }

    private static TextEncoder Published(string name) => TextEncoder.FromFolder(Shared.Path("weights", "vocab", name));
}

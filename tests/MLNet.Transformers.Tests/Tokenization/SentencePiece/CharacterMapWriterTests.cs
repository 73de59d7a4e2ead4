using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tests.Tokenization.SentencePiece;

public class CharacterMapWriterTests
{
    [Fact]
    public void Rules_come_back_as_they_were()
    {
        var random = new Random(1);
        Dictionary<string, string> rules = new(StringComparer.Ordinal) { ["a"] = "x", ["ab"] = "", ["abc"] = "yz", ["\u3000"] = " ", ["\U0001F600"] = ":)" };
        while (rules.Count < 1500)
        {
            rules[new Rune(random.Next(0x80, 0xD800)).ToString()] = new Rune(random.Next(0x20, 0x3000)).ToString();
        }

        CharacterMap map = CharacterMap.Read(CharacterMapWriter.Write([.. rules.Select(rule => (rule.Key, rule.Value))]), "the map")!;

        foreach ((string text, string replacement) in rules)
        {
            Assert.Equal(text.Length, map.Longest(text, out string found));
            Assert.Equal(replacement, found);
        }
        Assert.Equal(0, map.Longest("b", out _));
        Assert.All(Enumerable.Range(0x80, 0xD780).Select(unit => ((char)unit).ToString()).Where(text => !rules.ContainsKey(text)), text => Assert.Equal(0, map.Longest(text, out _)));
    }

    [Fact]
    public void Blocks_are_whole_so_that_no_byte_leads_out_of_them()
    {
        byte[] content = CharacterMapWriter.Write([("\u00E9", "e")]);

        Assert.Equal(0, BitConverter.ToInt32(content) % (256 * sizeof(uint)));
        Assert.Equal("e\0", Encoding.UTF8.GetString(content.AsSpan(sizeof(int) + BitConverter.ToInt32(content))));
    }
}

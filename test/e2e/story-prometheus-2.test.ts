import { tellStory } from "./story/tell.ts";

tellStory("2.x");
